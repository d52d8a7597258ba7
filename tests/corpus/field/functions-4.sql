-- safe
-- given
CREATE FUNCTION price(n int) RETURNS int LANGUAGE sql AS 'SELECT n';
-- migration
CREATE OR REPLACE FUNCTION price(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2';
