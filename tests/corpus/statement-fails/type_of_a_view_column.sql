-- expects: statement-fails
-- given
CREATE TABLE orders (id int PRIMARY KEY, code varchar(10));
CREATE VIEW codes AS SELECT code FROM orders;
-- migration
ALTER TABLE orders ALTER COLUMN code TYPE text;
