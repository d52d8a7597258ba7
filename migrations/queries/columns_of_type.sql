-- Columns of tables that hold a composite type, in itself or in an array.
SELECT
    n.nspname,
    c.relname,
    a.attname
FROM pg_catalog.pg_attribute AS a
INNER JOIN pg_catalog.pg_class AS c ON a.attrelid = c.oid
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
INNER JOIN pg_catalog.pg_type AS t ON a.atttypid = t.oid
WHERE
    c.relkind IN ('r', 'p')
    AND NOT c.relispartition
    AND NOT a.attisdropped
    AND to_regtype(%s) IN (t.oid, t.typelem)
ORDER BY 1, 2, 3;
