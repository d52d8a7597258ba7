CREATE TABLE trip (id integer);
CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n * 2';
CREATE TYPE state AS ENUM ('new');
