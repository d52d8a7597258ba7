-- expects: copied-and-swapped
-- given
CREATE TABLE orders (id bigint PRIMARY KEY, state text);
-- migration
CREATE TABLE orders_new (LIKE orders INCLUDING ALL);
INSERT INTO orders_new SELECT * FROM orders;
ALTER TABLE orders RENAME TO orders_old;
ALTER TABLE orders_new RENAME TO orders;
