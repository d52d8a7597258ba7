-- safe
-- timeouts: file
-- given
CREATE FUNCTION net(gross numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT gross * 0.8';
-- migration
ALTER FUNCTION net(numeric) SET search_path = pg_catalog;
ALTER FUNCTION net(numeric) PARALLEL SAFE;
COMMENT ON FUNCTION net(numeric) IS 'without VAT';
