-- The foreign keys of a table's partitions that are not the table's own: left over from their former parent.
SELECT
    n.nspname AS schema,
    c.relname AS table,
    f.conname AS name
FROM pg_catalog.pg_inherits AS i
INNER JOIN pg_catalog.pg_class AS c ON i.inhrelid = c.oid
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
INNER JOIN pg_catalog.pg_constraint AS f ON c.oid = f.conrelid
WHERE i.inhparent = %(parent)s AND f.contype = 'f' AND f.conparentid = 0
ORDER BY c.relname, f.conname
