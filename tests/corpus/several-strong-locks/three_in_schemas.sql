-- expects: several-strong-locks
-- given
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.t (id int PRIMARY KEY);
CREATE TABLE b.t (id int PRIMARY KEY);
-- migration
BEGIN;
SET LOCAL lock_timeout = '1s';
ALTER TABLE a.t ADD COLUMN note text;
ALTER TABLE b.t ADD COLUMN note text;
COMMIT;
