-- What a conversion put aside and nobody dropped yet, newest first.
SELECT
    l.leaf_oid AS oid,
    ns.nspname AS schema,
    old.relname AS name,
    l.details -> 'keys' AS keys
FROM airside.partition_ledger AS l
INNER JOIN pg_catalog.pg_class AS old ON l.leaf_oid = old.oid::bigint
INNER JOIN pg_catalog.pg_namespace AS ns ON old.relnamespace = ns.oid
WHERE l.event = 'converted' AND l.parent = %(parent)s AND ns.nspname = 'airside'
ORDER BY l.id DESC
