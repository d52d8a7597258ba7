-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
BEGIN;
SAVEPOINT before;
ALTER TABLE users ADD COLUMN note text;
RELEASE SAVEPOINT before;
COMMIT;
