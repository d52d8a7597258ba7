-- expects: drop-column
-- given
CREATE TABLE users (id int PRIMARY KEY, nickname text);
-- migration
ALTER TABLE users ADD COLUMN alias text, DROP COLUMN IF EXISTS nickname;
