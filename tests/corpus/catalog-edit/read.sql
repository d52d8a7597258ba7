-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, name varchar(10));
-- migration
SELECT count(*) FROM pg_catalog.pg_attribute WHERE attrelid = 'users'::regclass;
