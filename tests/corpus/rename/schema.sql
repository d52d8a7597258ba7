-- expects: rename
-- given
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id int PRIMARY KEY);
-- migration
ALTER SCHEMA shop RENAME TO sales;
