CREATE TYPE state AS ENUM ('new');
CREATE FUNCTION to_state(integer) RETURNS state LANGUAGE sql IMMUTABLE AS 'SELECT ''new''::public.state';
