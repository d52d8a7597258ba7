-- expects: drop-object
-- timeouts: file
-- given
CREATE FUNCTION net(gross numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT gross * 0.8';
-- migration
DROP FUNCTION net(numeric);
CREATE FUNCTION net(gross numeric, rate numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT gross * (1 - rate)';
