-- expects: rename
-- given
CREATE TABLE orders (id int PRIMARY KEY, total int);
-- migration
ALTER TABLE orders RENAME COLUMN total TO amount;
