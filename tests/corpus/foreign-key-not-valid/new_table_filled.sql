-- expects: foreign-key-not-valid
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
CREATE TABLE big_orders AS SELECT id FROM orders;
ALTER TABLE big_orders ADD CONSTRAINT big_orders_order FOREIGN KEY (id) REFERENCES orders (id);
