SELECT
    n.nspname AS schema,
    e.extversion AS version
FROM pg_catalog.pg_extension AS e
INNER JOIN pg_catalog.pg_namespace AS n ON e.extnamespace = n.oid
WHERE e.extname = 'pg_partman'
