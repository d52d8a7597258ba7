CREATE TABLE trip (id integer, seats integer);
CREATE FUNCTION seats_of(t trip) RETURNS integer LANGUAGE sql AS 'SELECT t.seats';
