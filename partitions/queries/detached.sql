-- Partitions that we detached, that are still there under their name, and that are nobody's partition now.
SELECT
    latest.leaf_oid AS oid,
    ns.nspname AS schema,
    leaf.relname AS name,
    latest.parent,
    ended.at,
    ended.by,
    ended.details
FROM (
    SELECT DISTINCT ON (l.leaf_oid)
        l.leaf_oid,
        l.leaf,
        l.parent,
        l.event
    FROM airside.partition_ledger AS l
    ORDER BY l.leaf_oid ASC, l.id DESC
) AS latest
INNER JOIN LATERAL (
    SELECT
        l.at,
        l.by,
        l.details
    FROM airside.partition_ledger AS l
    WHERE l.leaf_oid = latest.leaf_oid AND l.event IN ('detaching', 'detached')
    ORDER BY l.id DESC
    LIMIT 1
) AS ended ON TRUE
INNER JOIN pg_catalog.pg_class AS leaf ON latest.leaf_oid = leaf.oid::bigint
INNER JOIN pg_catalog.pg_namespace AS ns ON leaf.relnamespace = ns.oid
WHERE
    -- an oid may be given to another table after four billion others
    latest.leaf = quote_ident(ns.nspname) || '.' || quote_ident(leaf.relname)
    -- what was moved to an archive, drained or converted since is no longer what we detached from this table
    AND latest.event IN ('detaching', 'detached', 'unlinked')
    AND NOT leaf.relispartition
ORDER BY ended.at, leaf.relname;
