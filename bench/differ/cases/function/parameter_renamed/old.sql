CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 * 2';
