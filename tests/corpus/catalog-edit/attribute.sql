-- expects: catalog-edit
-- given
CREATE TABLE users (id int PRIMARY KEY, name varchar(10));
-- migration
UPDATE pg_catalog.pg_attribute SET atttypmod = 24 WHERE attrelid = 'users'::regclass AND attname = 'name';
