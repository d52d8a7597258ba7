-- expects: volatile-default
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
ALTER TABLE orders ADD COLUMN token uuid DEFAULT uuid_generate_v4();
