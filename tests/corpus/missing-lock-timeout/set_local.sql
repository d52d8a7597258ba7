-- safe
-- timeouts: file
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
BEGIN;
SET LOCAL lock_timeout = '1500ms';
ALTER TABLE users ADD COLUMN note text;
COMMIT;
