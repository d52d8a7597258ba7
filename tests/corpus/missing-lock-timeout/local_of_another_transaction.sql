-- expects: missing-lock-timeout
-- timeouts: file
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
BEGIN;
SET LOCAL lock_timeout = '2s';
COMMIT;
BEGIN;
ALTER TABLE users ADD COLUMN note text;
COMMIT;
