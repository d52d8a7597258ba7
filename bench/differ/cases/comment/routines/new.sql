CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n * 2';
CREATE PROCEDURE tidy() LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer);
CREATE SEQUENCE ticket_number;
COMMENT ON FUNCTION twice(integer) IS 'f';
COMMENT ON PROCEDURE tidy() IS 'p';
COMMENT ON AGGREGATE total(integer) IS 'a';
COMMENT ON SEQUENCE ticket_number IS 's';
