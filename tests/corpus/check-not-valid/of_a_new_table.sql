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
CREATE TABLE refunds (id bigint PRIMARY KEY, amount numeric(10, 2) NOT NULL);
ALTER TABLE refunds ADD CONSTRAINT refunds_amount CHECK (amount > 0);
