-- expects: missing-lock-timeout
-- timeouts: file
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
-- airside: transaction = off
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN IF NOT EXISTS note text;
