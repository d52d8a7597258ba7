CREATE TABLE trip (id integer, seats text);
CREATE FUNCTION seats_of(t trip) RETURNS text LANGUAGE sql AS 'SELECT t.seats';
