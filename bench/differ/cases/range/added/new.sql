CREATE FUNCTION time_diff(x time, y time) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT AS 'SELECT EXTRACT(EPOCH FROM (x - y))::double precision';
CREATE TYPE timerange AS RANGE (subtype = time, subtype_diff = time_diff, multirange_type_name = timespans);
CREATE TABLE shift (id integer, during timerange);
