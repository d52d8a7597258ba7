CREATE FUNCTION distance(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2)';
CREATE OPERATOR <-> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = distance);
