-- The columns of tables by name; generated ones are computed again wherever a row goes.
SELECT
    n.nspname AS schema,
    c.relname AS table,
    c.oid::bigint AS oid,
    c.relforcerowsecurity AS forced,
    array_agg(a.attname::text) AS columns
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
INNER JOIN pg_catalog.pg_attribute AS a ON c.oid = a.attrelid
WHERE
    c.oid IN (SELECT to_regclass(name) FROM unnest(%(names)s::text []) AS name)
    AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY n.nspname, c.relname, c.oid, c.relforcerowsecurity
