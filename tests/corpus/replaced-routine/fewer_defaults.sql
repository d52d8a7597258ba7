-- expects: replaced-routine
-- given
CREATE FUNCTION total(n int, currency text DEFAULT 'EUR') RETURNS int LANGUAGE sql AS 'SELECT n';
-- migration
DROP FUNCTION total(int, text);
CREATE FUNCTION total(n int, currency text) RETURNS int LANGUAGE sql AS 'SELECT n';
