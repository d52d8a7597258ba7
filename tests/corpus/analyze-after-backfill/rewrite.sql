-- expects: analyze-after-backfill
-- given
CREATE TABLE users (id int PRIMARY KEY, code text);
-- migration
ALTER TABLE users ALTER COLUMN code TYPE varchar(3) USING left(code, 3);
