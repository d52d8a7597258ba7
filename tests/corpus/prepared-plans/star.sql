-- expects: prepared-plans
-- given
CREATE TABLE users (id int PRIMARY KEY, name varchar(10));
-- migration
ALTER TABLE users ADD COLUMN note text;
