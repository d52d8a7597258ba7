-- expects: statement-fails
-- timeouts: file
-- given
CREATE FUNCTION area(w int, h int) RETURNS int LANGUAGE sql AS 'SELECT w * h';
-- migration
CREATE OR REPLACE FUNCTION area(w int, h int) RETURNS bigint LANGUAGE sql AS 'SELECT (w * h)::bigint';
