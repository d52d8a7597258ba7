-- expects: replaced-routine
-- given
CREATE FUNCTION total(n int) RETURNS int LANGUAGE sql AS 'SELECT n';
-- migration
DROP FUNCTION total(int);
CREATE FUNCTION total(amount int) RETURNS int LANGUAGE sql AS 'SELECT amount';
