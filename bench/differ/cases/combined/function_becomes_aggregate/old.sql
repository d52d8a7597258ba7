CREATE TABLE line (price integer);
CREATE FUNCTION total(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE VIEW totals AS SELECT total(price) AS total FROM line;
