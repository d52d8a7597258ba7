-- expects: missing-lock-timeout
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
SET lock_timeout TO DEFAULT;
ALTER TABLE users ADD COLUMN note text;
