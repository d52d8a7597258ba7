CREATE TYPE state AS ENUM ('new');
CREATE FUNCTION to_state(integer) RETURNS state LANGUAGE sql IMMUTABLE AS 'SELECT ''new''::public.state';
CREATE CAST (integer AS state) WITH FUNCTION to_state(integer);
