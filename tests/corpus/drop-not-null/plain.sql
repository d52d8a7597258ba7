-- expects: drop-not-null
-- given
CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL);
-- migration
ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
