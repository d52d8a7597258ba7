-- expects: rename
-- given
CREATE SCHEMA archive;
CREATE TABLE orders (id int PRIMARY KEY);
-- migration
ALTER TABLE orders SET SCHEMA archive;
