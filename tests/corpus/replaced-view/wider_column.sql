-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, name varchar(10));
CREATE VIEW everybody AS SELECT id, name FROM users;
-- migration
DROP VIEW everybody;
ALTER TABLE users ALTER COLUMN name TYPE varchar(20);
CREATE VIEW everybody AS SELECT id, name FROM users;
