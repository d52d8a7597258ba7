-- expects: index-not-concurrent
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
CREATE INDEX orders_open ON orders (lower(state)) WHERE state <> 'done';
