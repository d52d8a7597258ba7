-- expects: rename
-- given
CREATE FUNCTION total(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
-- migration
ALTER FUNCTION total(int) RENAME TO sum_of;
