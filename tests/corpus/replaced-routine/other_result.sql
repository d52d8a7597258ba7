-- expects: replaced-routine
-- given
CREATE FUNCTION total(n int) RETURNS int LANGUAGE sql AS 'SELECT n';
-- migration
DROP FUNCTION total(int);
CREATE FUNCTION total(n int) RETURNS numeric LANGUAGE sql AS 'SELECT n::numeric';
