CREATE FUNCTION twice(n integer) RETURNS bigint LANGUAGE sql AS 'SELECT n::bigint * 2';
