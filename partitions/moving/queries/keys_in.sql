-- The foreign keys that refer to a table, of their own right.
SELECT
    f.conname AS name,
    pg_catalog.pg_get_constraintdef(f.oid) AS definition,
    f.convalidated AS validated,
    c.oid::bigint AS oid,
    n.nspname AS schema,
    c.relname AS table,
    c.relkind = 'p' AS partitioned,
    pg_catalog.obj_description(f.oid, 'pg_constraint') AS comment,
    ARRAY(
        SELECT a.attname::text
        FROM UNNEST(f.confkey) AS u (attnum)
        INNER JOIN pg_catalog.pg_attribute AS a ON a.attrelid = f.confrelid AND a.attnum = u.attnum
    ) AS referred
FROM pg_catalog.pg_constraint AS f
INNER JOIN pg_catalog.pg_class AS c ON f.conrelid = c.oid
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
WHERE f.contype = 'f' AND f.confrelid = %(oid)s AND f.conparentid = 0
ORDER BY n.nspname, c.relname, f.conname
