-- A table of the users that has, or had, rows; by its size, as policies may hide rows from the owner too.
-- What reference data filled does not count.
SELECT c.oid::regclass::text
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
WHERE
    c.relkind = 'r'
    AND n.nspname <> ALL(ARRAY['information_schema', 'airside'])
    AND n.nspname NOT LIKE 'pg\_%%'
    AND c.relname <> ALL(%(reference)s::text[])
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
    )
    AND pg_catalog.pg_relation_size(c.oid) > 0
ORDER BY c.oid
LIMIT 1;
