-- expects: drop-object
-- given
CREATE TABLE users (id int PRIMARY KEY);
CREATE VIEW everybody AS SELECT id FROM users;
-- migration
DROP VIEW everybody;
