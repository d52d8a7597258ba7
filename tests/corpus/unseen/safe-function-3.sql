-- safe
-- timeouts: file
-- given
CREATE FUNCTION net(gross numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT gross * 0.8';
-- migration
CREATE OR REPLACE FUNCTION net(gross numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT gross * 0.75';
