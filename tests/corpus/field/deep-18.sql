-- expects: rename
-- given
CREATE FUNCTION label(n int) RETURNS text LANGUAGE sql AS 'SELECT n::text';
-- migration
ALTER FUNCTION label(int) RENAME TO tag;
