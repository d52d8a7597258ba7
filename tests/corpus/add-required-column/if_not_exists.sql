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
ALTER TABLE IF EXISTS public.orders ADD COLUMN IF NOT EXISTS region varchar(10) NOT NULL;
