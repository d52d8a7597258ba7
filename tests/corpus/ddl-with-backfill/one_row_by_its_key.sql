-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
-- migration
ALTER TABLE users ADD COLUMN state text;
UPDATE users SET state = 'admin' WHERE id = 1;
