CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '5', PARALLEL = SAFE, COMBINEFUNC = int4pl);
