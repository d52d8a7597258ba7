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
CREATE TABLE refunds (id bigint, order_id bigint);
ALTER TABLE refunds ALTER COLUMN order_id SET NOT NULL;
