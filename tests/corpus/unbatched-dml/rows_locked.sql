-- expects: unbatched-dml
-- given
CREATE TABLE users (id int PRIMARY KEY, state text);
-- migration
SELECT id FROM users WHERE state IS NULL FOR UPDATE;
