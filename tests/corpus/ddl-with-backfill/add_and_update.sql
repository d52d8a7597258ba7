-- expects: ddl-with-backfill
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
-- migration
ALTER TABLE users ADD COLUMN state text;
UPDATE users SET state = 'new';
