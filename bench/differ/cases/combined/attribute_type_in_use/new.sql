CREATE TYPE address AS (street text, number text);
CREATE TABLE person (home address, former address[]);
CREATE FUNCTION street_of(a address) RETURNS text LANGUAGE sql AS 'SELECT a.street';
