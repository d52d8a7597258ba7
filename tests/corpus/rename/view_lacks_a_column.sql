-- expects: rename
-- given
CREATE TABLE orders (id int PRIMARY KEY, total int);
-- migration
ALTER TABLE orders RENAME TO purchases;
CREATE VIEW orders AS SELECT id FROM purchases;
