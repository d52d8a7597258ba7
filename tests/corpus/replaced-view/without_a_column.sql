-- expects: replaced-view
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE VIEW everybody AS SELECT id, name FROM users;
-- migration
DROP VIEW everybody;
CREATE VIEW everybody AS SELECT id FROM users;
