-- safe
-- given
-- migration
CREATE FUNCTION secret() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1';
REVOKE ALL ON FUNCTION secret() FROM PUBLIC;
