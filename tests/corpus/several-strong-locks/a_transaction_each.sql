-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY);
CREATE TABLE orders (id int PRIMARY KEY);
-- migration
BEGIN;
ALTER TABLE users ADD COLUMN note text;
COMMIT;
BEGIN;
ALTER TABLE orders ADD COLUMN note text;
COMMIT;
