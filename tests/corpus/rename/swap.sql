-- safe
-- given
CREATE TABLE orders (id int PRIMARY KEY, total int);
CREATE TABLE orders_new (id int PRIMARY KEY, total int);
-- migration
ALTER TABLE orders RENAME TO orders_old;
ALTER TABLE orders_new RENAME TO orders;
