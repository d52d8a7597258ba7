CREATE FUNCTION add_more(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE AGGREGATE total(integer) (SFUNC = add_more, STYPE = integer, INITCOND = '0');
CREATE TABLE line (price integer);
CREATE VIEW all_lines AS SELECT total(price) AS price FROM line;
