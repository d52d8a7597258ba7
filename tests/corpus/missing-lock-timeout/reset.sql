-- expects: missing-lock-timeout
-- timeouts: file
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
SET lock_timeout = '2s';
RESET lock_timeout;
ALTER TABLE users ADD COLUMN note text;
