-- expects: drop-index-not-concurrent
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
CREATE INDEX orders_state ON orders (state);
-- migration
ALTER TABLE orders ADD COLUMN region text;
DROP INDEX orders_state;
