-- expects: rename
-- given
CREATE TABLE orders (id int PRIMARY KEY);
CREATE VIEW open_orders AS SELECT id FROM orders;
-- migration
ALTER VIEW open_orders RENAME TO orders_open;
