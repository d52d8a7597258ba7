-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, name text CONSTRAINT named CHECK (name <> '-'));
-- migration
ALTER TABLE users ALTER COLUMN name SET STATISTICS 500;
SELECT count(*) FROM users;
