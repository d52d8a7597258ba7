-- expects: hold-lock
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE TABLE logins (id int PRIMARY KEY, user_id int);
-- migration
ALTER TABLE users ADD COLUMN state text;
CREATE INDEX logins_user ON logins (user_id);
