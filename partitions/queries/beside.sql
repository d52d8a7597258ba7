-- The partitions of a table, with their bounds as PostgreSQL prints them.
SELECT
    leaf.oid::bigint AS oid,
    ns.nspname AS schema,
    leaf.relname AS name,
    pg_catalog.pg_get_expr(leaf.relpartbound, 0) AS bound
FROM pg_catalog.pg_inherits AS i
INNER JOIN pg_catalog.pg_class AS leaf ON i.inhrelid = leaf.oid
INNER JOIN pg_catalog.pg_namespace AS ns ON leaf.relnamespace = ns.oid
WHERE i.inhparent = to_regclass(%(parent)s)
ORDER BY 4
