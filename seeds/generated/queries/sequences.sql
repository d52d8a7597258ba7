-- The sequences behind the columns of the users' tables.
SELECT
    n.nspname,
    c.relname,
    a.attname,
    s.oid::regclass::text AS sequence
FROM pg_catalog.pg_depend AS d
INNER JOIN pg_catalog.pg_class AS s ON d.objid = s.oid AND s.relkind = 'S'
INNER JOIN pg_catalog.pg_class AS c ON d.refobjid = c.oid
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
INNER JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND d.refobjsubid = a.attnum
WHERE
    d.classid = 'pg_catalog.pg_class'::regclass
    AND d.refclassid = 'pg_catalog.pg_class'::regclass
    AND d.deptype IN ('a', 'i')
    AND n.nspname NOT IN ('airside', 'information_schema')
    AND n.nspname NOT LIKE 'pg\_%'
ORDER BY n.nspname, c.relname, a.attname;
