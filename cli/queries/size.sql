-- Tables of the users (not those of PostgreSQL or of Airside), their partitions, and the size of the database in bytes;
-- the rows as far as statistics know them, and the size in bytes of what holds them.
SELECT
    count(*) FILTER (WHERE NOT c.relispartition) AS tables,
    count(*) FILTER (WHERE c.relispartition) AS partitions,
    pg_catalog.pg_database_size(pg_catalog.current_database()) AS bytes,
    coalesce(sum(s.bytes), 0)::bigint AS heap,
    coalesce(
        sum(
            CASE
                -- as the planner does: as dense as at the last VACUUM or ANALYZE
                WHEN c.reltuples > 0 AND c.relpages > 0
                    THEN c.reltuples / c.relpages * s.bytes / pg_catalog.current_setting('block_size')::integer
                ELSE pg_catalog.pg_stat_get_live_tuples(c.oid)
            END
        ) FILTER (WHERE c.relkind = 'r'),
        0
    )::bigint AS estimate,
    array_agg(ARRAY[n.nspname, c.relname] ORDER BY c.oid) FILTER (WHERE NOT c.relispartition) AS roots,
    coalesce(
        bool_or(
            pg_catalog.row_security_active(c.oid) OR NOT pg_catalog.has_table_privilege(c.oid, 'SELECT')
        ),
        false
    ) AS hidden
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
CROSS JOIN LATERAL pg_catalog.pg_relation_size(c.oid) AS s (bytes)
WHERE
    c.relkind IN ('r', 'p')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'airside')
    AND n.nspname NOT LIKE 'pg\_t%'
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS d
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
    );
