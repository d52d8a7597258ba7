CREATE FUNCTION b_second() RETURNS integer LANGUAGE sql AS 'SELECT 2';
CREATE FUNCTION a_first() RETURNS integer LANGUAGE sql AS 'SELECT public.b_second()';
