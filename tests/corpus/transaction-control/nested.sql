-- expects: transaction-control
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
BEGIN;
ALTER TABLE users ADD COLUMN note text;
BEGIN;
ALTER TABLE users ADD COLUMN state text;
COMMIT;
COMMIT;
