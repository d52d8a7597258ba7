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
CREATE MATERIALIZED VIEW order_totals AS SELECT state, sum(total) AS total FROM orders GROUP BY state;
CREATE UNIQUE INDEX ON order_totals (state);
-- migration
REFRESH MATERIALIZED VIEW CONCURRENTLY order_totals;
