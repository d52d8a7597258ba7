-- expects: drop-column
-- given
CREATE SCHEMA app;
CREATE TABLE app.users (id int PRIMARY KEY, nickname text);
CREATE FUNCTION tidy() RETURNS void LANGUAGE plpgsql AS $$
DECLARE name text := 'nickname';
BEGIN
    EXECUTE 'ALTER TABLE app.users DROP COLUMN ' || name;
END $$;
-- migration
SELECT tidy();
