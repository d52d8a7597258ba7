-- expects: missing-lock-timeout
-- timeouts: file
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
ALTER TABLE users ADD COLUMN note text;
