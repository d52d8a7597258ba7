-- safe
-- timeouts: file
-- given
CREATE SCHEMA a; CREATE TABLE a.t (id int PRIMARY KEY);
-- migration
BEGIN;
SET LOCAL search_path = a;
SET LOCAL lock_timeout = '2s';
ALTER TABLE t ADD COLUMN v text DEFAULT 'x';
COMMIT;
