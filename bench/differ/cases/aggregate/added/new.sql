CREATE FUNCTION times(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a * b';
CREATE AGGREGATE product(integer) (SFUNC = times, STYPE = integer, INITCOND = '1');
