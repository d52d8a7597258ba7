-- expects: drop-column
-- given
CREATE TYPE address AS (street text, zip text);
CREATE TABLE homes (id int PRIMARY KEY, at address);
-- migration
ALTER TYPE address DROP ATTRIBUTE zip;
