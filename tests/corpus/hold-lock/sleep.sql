-- expects: hold-lock
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
-- migration
ALTER TABLE users ADD COLUMN state text;
SELECT pg_sleep(0.01);
