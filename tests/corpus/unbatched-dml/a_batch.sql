-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, state text);
-- migration
UPDATE users SET state = 'new' WHERE id BETWEEN 1 AND 10000 AND state IS NULL;
