CREATE TABLE line (price integer);
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE VIEW totals AS SELECT total(price) AS total FROM line;
