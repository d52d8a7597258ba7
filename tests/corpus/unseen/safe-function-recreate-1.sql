-- safe
-- timeouts: file
-- given
CREATE FUNCTION net(gross numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT gross * 0.8';
-- migration
BEGIN;
DROP FUNCTION IF EXISTS net(numeric);
CREATE FUNCTION net(gross numeric) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT AS 'SELECT gross * 0.75';
COMMIT;
