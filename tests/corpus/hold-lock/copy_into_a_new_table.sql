-- expects: hold-lock
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
-- migration
ALTER TABLE users ADD COLUMN state text;
CREATE TABLE names (name text);
INSERT INTO names SELECT name FROM users;
