-- safe
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
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders_state'::regclass;
-- migration
-- airside: transaction = off
DROP INDEX CONCURRENTLY IF EXISTS orders_state;
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_state ON orders (state);
