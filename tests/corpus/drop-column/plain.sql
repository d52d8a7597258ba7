-- expects: drop-column
-- given
CREATE TABLE users (id int PRIMARY KEY, nickname text);
-- migration
ALTER TABLE users DROP COLUMN nickname;
