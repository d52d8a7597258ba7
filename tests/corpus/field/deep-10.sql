-- expects: type-change
-- given
CREATE PROCEDURE widen() LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE users ALTER COLUMN id TYPE numeric; END $$;
CREATE TABLE users (id int PRIMARY KEY);
-- migration
CALL widen();
