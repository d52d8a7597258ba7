-- safe
-- given
CREATE TABLE other (id int PRIMARY KEY);
-- migration
CREATE TABLE orders (id int PRIMARY KEY, total int);
ALTER TABLE orders RENAME COLUMN total TO amount;
ALTER TABLE orders RENAME TO purchases;
