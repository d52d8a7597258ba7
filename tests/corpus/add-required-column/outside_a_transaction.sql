-- expects: add-required-column
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
-- migration
-- airside: transaction = off
ALTER TABLE orders ADD COLUMN IF NOT EXISTS region text NOT NULL;
