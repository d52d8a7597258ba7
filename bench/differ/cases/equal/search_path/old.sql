CREATE SCHEMA booking;
CREATE TABLE booking.trip (id integer DEFAULT 1 CHECK (id > 0));
CREATE FUNCTION booking.one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE VIEW booking.trip_id AS SELECT id, booking.one() AS one FROM booking.trip;
