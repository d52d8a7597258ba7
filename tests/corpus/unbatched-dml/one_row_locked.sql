-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, state text);
-- migration
SELECT id FROM users WHERE id = 1 FOR UPDATE;
