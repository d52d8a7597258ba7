-- The tables that partition maintenance answers for: made and not attached yet, attached, detached (or begun to), and
-- dropped since. `pending` says that a detach that it began is not finished.
SELECT
    latest.names[1] AS schema,
    latest.names[2] AS name,
    latest.event = 'detaching' AND coalesce(i.inhdetachpending, FALSE) AS pending
FROM (
    SELECT DISTINCT ON (l.leaf_oid)
        l.leaf_oid,
        l.event,
        pg_catalog.parse_ident(l.leaf) AS names,
        to_regclass(l.leaf)::oid AS oid
    FROM airside.partition_ledger AS l
    ORDER BY l.leaf_oid ASC, l.id DESC
) AS latest
LEFT JOIN pg_catalog.pg_class AS leaf ON latest.oid = leaf.oid
LEFT JOIN pg_catalog.pg_inherits AS i ON leaf.oid = i.inhrelid
WHERE
    (leaf.oid IS NULL AND latest.event = 'dropped')
    OR (
        -- an oid may be given to another table after four billion others
        latest.oid::bigint = latest.leaf_oid
        AND leaf.relkind = 'r'
        AND (leaf.relispartition OR latest.event IN ('prepared', 'detaching', 'detached', 'unlinked', 'archived'))
    );
