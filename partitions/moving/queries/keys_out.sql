-- The foreign keys of a table's own right.
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
WHERE f.contype = 'f' AND f.conrelid = %(oid)s
ORDER BY f.conname
