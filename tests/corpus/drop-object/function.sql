-- expects: drop-object
-- given
CREATE FUNCTION total(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
-- migration
DROP FUNCTION total(int);
