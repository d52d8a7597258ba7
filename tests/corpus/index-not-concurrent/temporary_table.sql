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
CREATE TEMPORARY TABLE picked AS SELECT id FROM orders;
CREATE INDEX ON picked (id);
