-- A table, those that refer to it, those that refer to them and so on, as schema and name; partitions by their roots.
WITH RECURSIVE reached AS (
    SELECT coalesce(pg_catalog.pg_partition_root(t.oid), t.oid)::oid AS oid
    FROM pg_catalog.pg_class AS t
    INNER JOIN pg_catalog.pg_namespace AS n ON t.relnamespace = n.oid
    WHERE t.relname = %(name)s AND n.nspname = %(namespace)s AND t.relkind IN ('r', 'p')
    UNION
    SELECT coalesce(pg_catalog.pg_partition_root(k.conrelid), k.conrelid)::oid
    FROM reached AS r
    INNER JOIN pg_catalog.pg_constraint AS k ON r.oid = k.confrelid
    WHERE k.contype = 'f'
)

SELECT
    n.nspname::text,
    c.relname::text
FROM reached AS r
INNER JOIN pg_catalog.pg_class AS c ON r.oid = c.oid
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
