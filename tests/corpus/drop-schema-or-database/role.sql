-- expects: drop-schema-or-database
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
DROP ROLE IF EXISTS there_is_no_such_role;
