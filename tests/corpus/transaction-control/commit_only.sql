-- expects: transaction-control
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
ALTER TABLE users ADD COLUMN note text;
COMMIT;
ALTER TABLE users ADD COLUMN state text;
