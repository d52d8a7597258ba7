-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, email text);
-- migration
ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
