CREATE TYPE address AS (street text, zip text);
CREATE TABLE person (home address);
