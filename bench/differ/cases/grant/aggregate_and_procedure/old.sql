CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer);
CREATE PROCEDURE tidy() LANGUAGE sql AS 'SELECT 1';
