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
CREATE TABLE order_counts AS SELECT state, count(*) AS orders FROM orders GROUP BY state;
ALTER TABLE order_counts ADD CONSTRAINT order_counts_positive CHECK (orders > 0);
