-- Every column that holds data, and where its values are: `filenode` changes when a table is emptied. A partition
-- names the table at the top of its tree. A table without columns is one row without a column.
SELECT
    c.oid::int8 AS relation,
    coalesce(a.attnum, 0) AS number,
    n.nspname::text AS schema,
    c.relname::text AS name,
    coalesce(a.attname::text, '') AS column_name,
    c.relfilenode::int8 AS filenode,
    CASE WHEN c.relispartition THEN pg_catalog.pg_partition_root(c.oid)::oid::int8 END AS root
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE
    c.relkind IN ('r', 'p')
    AND c.relpersistence <> 't'
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
ORDER BY n.nspname, c.relname, a.attnum;
