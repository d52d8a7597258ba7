-- safe
-- timeouts: file
-- given
-- migration
CREATE AGGREGATE product(numeric) (SFUNC = numeric_mul, STYPE = numeric, INITCOND = '1');
