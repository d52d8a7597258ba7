-- Partitions that a move to a second database closed to writers, and on which no run is at work any more.
SELECT
    pn.nspname AS parent_schema,
    parent.relname AS parent,
    parent.oid::bigint AS parent_oid,
    n.nspname AS schema,
    leaf.relname AS name,
    leaf.oid::bigint AS oid
FROM pg_catalog.pg_trigger AS t
INNER JOIN pg_catalog.pg_inherits AS i ON t.tgrelid = i.inhrelid
INNER JOIN pg_catalog.pg_class AS leaf ON i.inhrelid = leaf.oid
INNER JOIN pg_catalog.pg_namespace AS n ON leaf.relnamespace = n.oid
INNER JOIN pg_catalog.pg_class AS parent ON i.inhparent = parent.oid
INNER JOIN pg_catalog.pg_namespace AS pn ON parent.relnamespace = pn.oid
WHERE
    t.tgname = %(fence)s AND NOT t.tgisinternal
    -- the advisory lock of whoever archives or restores it
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_locks AS l
        INNER JOIN pg_catalog.pg_database AS d ON l.database = d.oid
        WHERE
            l.locktype = 'advisory' AND l.granted AND d.datname = current_database()
            AND l.classid::bigint = %(lease)s AND l.objid = leaf.oid AND l.objsubid = 1
    )
ORDER BY pn.nspname, parent.relname, leaf.relname
