-- The foreign keys of a table, without the rows that stand for single partitions of what they refer to.
SELECT
    f.conname AS name,
    pg_catalog.pg_get_constraintdef(f.oid) AS definition,
    f.convalidated AS validated,
    r.oid::bigint AS oid,
    rn.nspname AS schema,
    r.relname AS table
FROM pg_catalog.pg_constraint AS f
INNER JOIN pg_catalog.pg_class AS r ON f.confrelid = r.oid
INNER JOIN pg_catalog.pg_namespace AS rn ON r.relnamespace = rn.oid
WHERE
    f.contype = 'f' AND f.conrelid = %(oid)s
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_constraint AS whole
        WHERE f.conparentid = whole.oid AND f.conrelid = whole.conrelid
    )
ORDER BY f.conname
