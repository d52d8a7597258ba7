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
BEGIN;
CREATE TABLE refunds (id bigint PRIMARY KEY, order_id bigint NOT NULL);
COMMIT;
BEGIN;
CREATE INDEX refunds_order ON refunds (order_id);
COMMIT;
