-- expects: analyze-after-backfill
-- given
CREATE TABLE users (id int PRIMARY KEY, state text);
-- migration
UPDATE users SET state = 'new' WHERE state IS NULL;
