-- expects: drop-column
-- given
CREATE TYPE address AS (street text, city text);
CREATE TABLE users (id int PRIMARY KEY, home address);
-- migration
ALTER TYPE address DROP ATTRIBUTE city;
