CREATE AGGREGATE row_total(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
