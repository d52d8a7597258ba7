-- expects: copied-and-swapped
-- given
CREATE TABLE orders (id bigint PRIMARY KEY, state text);
-- migration
CREATE TABLE fresh AS SELECT id, upper(state) AS state FROM orders;
ALTER TABLE orders RENAME TO orders_old;
ALTER TABLE fresh RENAME TO orders;
