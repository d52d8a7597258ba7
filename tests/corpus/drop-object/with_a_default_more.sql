-- safe
-- given
CREATE FUNCTION total(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
-- migration
DROP FUNCTION total(int);
CREATE FUNCTION total(int, text DEFAULT 'EUR') RETURNS int LANGUAGE sql AS 'SELECT $1';
