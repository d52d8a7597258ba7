GRANT CREATE ON SCHEMA public TO differ_writer;
CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n * 2';
ALTER FUNCTION twice(integer) OWNER TO differ_writer;
