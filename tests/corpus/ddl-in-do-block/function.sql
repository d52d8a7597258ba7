-- expects: ddl-in-do-block
-- given
CREATE TABLE users (id int PRIMARY KEY);
CREATE FUNCTION widen() RETURNS void LANGUAGE sql AS 'ALTER TABLE users ADD COLUMN note text';
-- migration
SELECT widen();
