-- expects: ddl-with-backfill
-- given
CREATE SCHEMA app;
CREATE TABLE app."Users" (id int PRIMARY KEY, name text);
-- migration
ALTER TABLE app."Users" ADD COLUMN state text;
DELETE FROM app."Users" WHERE name = '';
