-- safe
-- given
CREATE TABLE orders (id int PRIMARY KEY, seen timestamptz(3));
-- migration
ALTER TABLE orders ALTER COLUMN seen TYPE timestamptz(6);
