-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, email text UNIQUE, state text);
-- migration
UPDATE users SET state = 'admin' WHERE id IN (1, 2, 3);
DELETE FROM users WHERE email = 'nobody@example.com';
