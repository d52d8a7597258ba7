-- expects: rename
-- timeouts: file
-- given
CREATE FUNCTION net(gross numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT gross * 0.8';
-- migration
ALTER FUNCTION net(numeric) RENAME TO net_price;
