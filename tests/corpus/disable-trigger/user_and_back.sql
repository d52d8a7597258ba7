-- expects: disable-trigger
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
-- migration
ALTER TABLE users DISABLE TRIGGER USER;
UPDATE users SET name = 'x' WHERE id = 1;
ALTER TABLE users ENABLE TRIGGER USER;
