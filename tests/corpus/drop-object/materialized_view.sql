-- expects: drop-object
-- given
CREATE TABLE users (id int PRIMARY KEY);
CREATE MATERIALIZED VIEW everybody AS SELECT id FROM users;
-- migration
DROP MATERIALIZED VIEW everybody;
