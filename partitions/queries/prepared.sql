-- Tables that were made as partitions by a run that was cut off before it attached them.
SELECT latest.leaf_oid
FROM (
    SELECT DISTINCT ON (l.leaf_oid)
        l.leaf_oid,
        l.leaf,
        l.event
    FROM airside.partition_ledger AS l
    ORDER BY l.leaf_oid ASC, l.id DESC
) AS latest
INNER JOIN pg_catalog.pg_class AS leaf ON latest.leaf_oid = leaf.oid::bigint
INNER JOIN pg_catalog.pg_namespace AS ns ON leaf.relnamespace = ns.oid
WHERE
    latest.event = 'prepared'
    AND latest.leaf = quote_ident(ns.nspname) || '.' || quote_ident(leaf.relname)
    AND NOT leaf.relispartition
