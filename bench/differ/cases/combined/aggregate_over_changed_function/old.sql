CREATE FUNCTION add_up(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE AGGREGATE total(integer) (SFUNC = add_up, STYPE = integer, INITCOND = '0');
CREATE TABLE line (price integer);
CREATE VIEW all_lines AS SELECT total(price) AS price FROM line;
