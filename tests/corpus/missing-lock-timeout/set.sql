-- safe
-- timeouts: file
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
SET lock_timeout = '2s';
ALTER TABLE users ADD COLUMN note text;
