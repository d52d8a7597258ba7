-- The type a column has, the name of the type it is to get, and whether the present one is an enum.
SELECT
    format_type(a.atttypid, a.atttypmod),
    format_type(to_regtype(%(wanted)s), NULL),
    t.typtype = 'e'
FROM pg_catalog.pg_attribute AS a
INNER JOIN pg_catalog.pg_type AS t ON a.atttypid = t.oid
WHERE a.attrelid = to_regclass(%(relation)s) AND a.attname = %(attribute)s AND NOT a.attisdropped;
