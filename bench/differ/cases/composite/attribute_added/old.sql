CREATE TYPE address AS (street text);
CREATE TABLE person (home address);
