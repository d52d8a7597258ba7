-- expects: ddl-with-backfill
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, note text);
-- migration
ALTER TABLE users ADD COLUMN state text;
UPDATE orders SET note = '' WHERE note IS NULL;
