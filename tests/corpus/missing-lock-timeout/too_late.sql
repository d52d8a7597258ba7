-- expects: missing-lock-timeout
-- timeouts: file
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
ALTER TABLE users ADD COLUMN note text;
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN state text;
