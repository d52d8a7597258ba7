CREATE FUNCTION price(code text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION price(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n';
