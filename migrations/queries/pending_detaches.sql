-- Partitions of a table, at any depth, whose detach was broken off; and the table itself where it is one.
SELECT
    leaf_ns.nspname AS leaf_schema,
    leaf.relname AS leaf,
    parent_ns.nspname AS parent_schema,
    parent.relname AS parent
FROM pg_catalog.pg_inherits AS i
INNER JOIN pg_catalog.pg_class AS leaf ON i.inhrelid = leaf.oid
INNER JOIN pg_catalog.pg_namespace AS leaf_ns ON leaf.relnamespace = leaf_ns.oid
INNER JOIN pg_catalog.pg_class AS parent ON i.inhparent = parent.oid
INNER JOIN pg_catalog.pg_namespace AS parent_ns ON parent.relnamespace = parent_ns.oid
WHERE
    i.inhdetachpending
    AND to_regclass(%(relation)s) IN (
        SELECT i.inhrelid
        UNION ALL
        SELECT a.relid FROM pg_catalog.pg_partition_ancestors(i.inhparent) AS a
    )
ORDER BY leaf.relname
