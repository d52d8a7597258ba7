-- expects: refresh-not-concurrent
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
CREATE MATERIALIZED VIEW order_totals AS SELECT state, sum(total) AS total FROM orders GROUP BY state;
-- migration
REFRESH MATERIALIZED VIEW order_totals;
