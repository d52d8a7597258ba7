-- Tables of the users (not those of PostgreSQL or of Airside), their partitions, their rows as the statistics count
-- them, and the size of the database in bytes.
SELECT
    count(*) FILTER (WHERE NOT c.relispartition) AS tables,
    count(*) FILTER (WHERE c.relispartition) AS partitions,
    coalesce(sum(pg_catalog.pg_stat_get_live_tuples(c.oid)), 0)::bigint AS rows,
    pg_catalog.pg_database_size(pg_catalog.current_database()) AS bytes
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
WHERE
    c.relkind IN ('r', 'p')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'airside')
    AND n.nspname NOT LIKE 'pg\_t%'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
    );
