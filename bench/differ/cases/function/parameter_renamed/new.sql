CREATE FUNCTION twice(amount integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 * 2';
