-- expects: ddl-with-backfill
-- given
CREATE TABLE users (id int PRIMARY KEY, name text, state text);
CREATE FUNCTION backfill() RETURNS void LANGUAGE sql AS 'UPDATE users SET state = name';
-- migration
ALTER TABLE users ADD COLUMN level int;
SELECT backfill();
