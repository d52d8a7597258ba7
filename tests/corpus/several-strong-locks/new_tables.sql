-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
ALTER TABLE users ADD COLUMN note text;
CREATE TABLE orders (id int PRIMARY KEY);
ALTER TABLE orders ADD COLUMN note text;
