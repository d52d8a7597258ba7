-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, state text);
-- migration
UPDATE users SET state = 'new'
WHERE id IN (SELECT id FROM users WHERE state IS NULL ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED);
