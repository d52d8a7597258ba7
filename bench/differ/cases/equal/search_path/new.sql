CREATE SCHEMA booking;
SET search_path = booking;
CREATE TABLE trip (id integer DEFAULT 1 CHECK (id > 0));
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE VIEW trip_id AS SELECT id, one() FROM trip;
