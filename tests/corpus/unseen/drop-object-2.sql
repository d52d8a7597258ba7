-- expects: drop-object
-- timeouts: file
-- given
CREATE FUNCTION price(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
-- migration
DROP FUNCTION IF EXISTS price(integer);
