-- safe
-- given
CREATE TABLE hosts (id int PRIMARY KEY, net cidr);
-- migration
ALTER TABLE hosts ALTER COLUMN net TYPE inet;
