-- expects: statement-fails
-- timeouts: file
-- given
CREATE FUNCTION net(gross numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT gross * 0.8';
-- migration
CREATE OR REPLACE FUNCTION net(amount numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT amount * 0.75';
