-- What we detached, or were about to, and somebody attached again is no longer ours to drop when it is detached by hand.
INSERT INTO airside.partition_ledger (parent, leaf, leaf_oid, event, details)
SELECT
    latest.parent,
    latest.leaf,
    latest.leaf_oid,
    'attached',
    '{"noticed": true}'
FROM (
    SELECT DISTINCT ON (l.leaf_oid)
        l.leaf_oid,
        l.leaf,
        l.parent,
        l.event
    FROM airside.partition_ledger AS l
    ORDER BY l.leaf_oid ASC, l.id DESC
) AS latest
INNER JOIN pg_catalog.pg_inherits AS i ON latest.leaf_oid = i.inhrelid::bigint
WHERE latest.event IN ('detaching', 'detached', 'unlinked') AND NOT i.inhdetachpending
