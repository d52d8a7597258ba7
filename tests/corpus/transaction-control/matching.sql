-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
BEGIN;
ALTER TABLE users ADD COLUMN note text;
COMMIT;
