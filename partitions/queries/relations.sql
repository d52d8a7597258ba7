SELECT
    ns.nspname AS schema,
    c.relname AS name,
    c.oid::bigint AS oid
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS ns ON c.relnamespace = ns.oid
WHERE ns.nspname = ANY(%(schemas)s)
