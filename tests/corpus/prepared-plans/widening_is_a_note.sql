-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, name varchar(10));
-- migration
ALTER TABLE users ALTER COLUMN name TYPE text;
