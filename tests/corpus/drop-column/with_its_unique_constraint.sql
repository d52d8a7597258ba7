-- expects: drop-column
-- given
CREATE TABLE users (id int PRIMARY KEY, email text UNIQUE);
-- migration
ALTER TABLE users DROP COLUMN email CASCADE;
