-- expects: drop-object
-- given
CREATE TABLE users (id int PRIMARY KEY, nickname text);
CREATE VIEW nicknames AS SELECT nickname FROM users;
-- migration
ALTER TABLE users DROP COLUMN nickname CASCADE;
