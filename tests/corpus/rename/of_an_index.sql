-- safe
-- given
CREATE TABLE orders (id int PRIMARY KEY, total int);
CREATE INDEX i ON orders (total);
-- migration
ALTER INDEX i RENAME TO orders_total;
