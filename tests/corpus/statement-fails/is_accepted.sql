-- safe
-- given
CREATE TABLE orders (id int PRIMARY KEY);
-- migration
ALTER TABLE orders ADD COLUMN state text;
