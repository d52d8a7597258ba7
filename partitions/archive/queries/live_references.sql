-- Every foreign key to one of the tables; those of partitions, which belong to their parent's, are left out.
SELECT
    f.conname AS name,
    n.nspname AS schema,
    c.relname AS table,
    t.relname AS referred,
    f.confdeltype::text AS on_delete
FROM pg_catalog.pg_constraint AS f
INNER JOIN pg_catalog.pg_class AS c ON f.conrelid = c.oid
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
INNER JOIN pg_catalog.pg_class AS t ON f.confrelid = t.oid
WHERE f.contype = 'f' AND f.conparentid = 0 AND f.confrelid = ANY(%(oids)s::oid [])
ORDER BY n.nspname, c.relname, f.conname
