-- expects: missing-lock-timeout
-- timeouts: file
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
SET lock_timeout = 0;
ALTER TABLE users ADD COLUMN note text;
