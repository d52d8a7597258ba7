CREATE FUNCTION distance(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2)';
