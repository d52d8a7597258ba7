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
CREATE MATERIALIZED VIEW order_counts AS SELECT state, count(*) AS orders FROM orders GROUP BY state WITH NO DATA;
REFRESH MATERIALIZED VIEW order_counts;
