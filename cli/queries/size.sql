-- Tables of the users (not those of PostgreSQL or of Airside), and the size of the whole database in bytes.
SELECT
    (
        SELECT count(*)
        FROM pg_catalog.pg_class AS c
        INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
        WHERE
            c.relkind IN ('r', 'p')
            AND NOT c.relispartition
            AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'airside')
            AND n.nspname NOT LIKE 'pg\_t%'
            AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_depend AS d
                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
            )
    ) AS tables,
    pg_catalog.pg_database_size(pg_catalog.current_database()) AS bytes;
