-- expects: replaced-view
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE VIEW everybody AS SELECT id, name FROM users;
-- migration
DROP VIEW IF EXISTS everybody;
CREATE VIEW everybody AS SELECT id::text AS id, name FROM users;
