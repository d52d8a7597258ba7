-- expects: ddl-with-backfill
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
-- migration
UPDATE users SET name = '' WHERE name IS NULL;
ALTER TABLE users ALTER COLUMN name SET NOT NULL;
