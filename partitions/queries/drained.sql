-- What drains have taken out of their tables and not dropped yet.
SELECT
    l.leaf_oid AS oid,
    ns.nspname AS schema,
    leaf.relname AS name,
    l.details -> 'keys' AS keys
FROM airside.partition_ledger AS l
INNER JOIN pg_catalog.pg_class AS leaf ON l.leaf_oid = leaf.oid::bigint
INNER JOIN pg_catalog.pg_namespace AS ns ON leaf.relnamespace = ns.oid
WHERE
    l.event = 'drained' AND l.parent = %(parent)s AND NOT leaf.relispartition
    AND l.details ->> 'name' = quote_ident(ns.nspname) || '.' || quote_ident(leaf.relname)
ORDER BY l.id
