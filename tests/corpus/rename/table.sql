-- expects: rename
-- given
CREATE TABLE orders (id int PRIMARY KEY);
-- migration
ALTER TABLE orders RENAME TO purchases;
