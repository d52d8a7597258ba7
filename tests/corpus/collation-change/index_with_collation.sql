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
-- migration
-- airside: transaction = off
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_state_c ON orders (state COLLATE "C");
