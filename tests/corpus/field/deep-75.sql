-- safe
-- given
CREATE FUNCTION f(n int) RETURNS int LANGUAGE sql AS 'SELECT n';
-- migration
CREATE OR REPLACE FUNCTION f(n int, m int) RETURNS int LANGUAGE sql AS 'SELECT n + m';
