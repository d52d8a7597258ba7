-- safe
-- given
CREATE FUNCTION total(n int) RETURNS int LANGUAGE sql AS 'SELECT n';
-- migration
CREATE OR REPLACE FUNCTION total(n int) RETURNS int LANGUAGE sql AS 'SELECT n + 1';
