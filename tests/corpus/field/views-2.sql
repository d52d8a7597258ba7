-- expects: drop-object
-- given
CREATE FUNCTION price(n int) RETURNS int LANGUAGE sql AS 'SELECT n';
-- migration
DROP FUNCTION price(int);
CREATE FUNCTION price(n bigint) RETURNS numeric LANGUAGE sql AS 'SELECT n::numeric';
