-- expects: several-strong-locks
-- given
CREATE TABLE users (id int PRIMARY KEY);
CREATE TABLE orders (id int PRIMARY KEY);
-- migration
ALTER TABLE users ADD COLUMN note text;
ALTER TABLE orders ADD COLUMN note text;
