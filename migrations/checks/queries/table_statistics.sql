-- Tables and materialized views with their sizes; a partitioned table counts what its partitions hold.
WITH RECURSIVE part AS (
    SELECT
        c.oid AS root,
        c.oid AS relation
    FROM pg_catalog.pg_class AS c
    WHERE c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition
    UNION ALL
    SELECT
        part.root,
        i.inhrelid
    FROM part
    INNER JOIN pg_catalog.pg_inherits AS i ON part.relation = i.inhparent
    INNER JOIN pg_catalog.pg_class AS c ON i.inhrelid = c.oid AND c.relispartition
),

-- counters outlive restarts but not crashes: without a reset they are at least as old as the server's start
since AS (
    SELECT greatest(extract(EPOCH FROM now() - coalesce(d.stats_reset, pg_catalog.pg_postmaster_start_time())), 1) AS seconds
    FROM pg_catalog.pg_stat_database AS d
    WHERE d.datname = current_database()
)

SELECT
    n.nspname || '.' || r.relname AS relation,
    -- reltuples is -1 before the first VACUUM or ANALYZE; a partitioned table's own is not kept up
    coalesce(sum(greatest(c.reltuples, s.n_live_tup, 0)) FILTER (WHERE c.relkind <> 'p'), 0)::float8 AS live,
    coalesce(sum(pg_catalog.pg_total_relation_size(c.oid)), 0)::bigint AS bytes,
    (coalesce(sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del), 0) / min(since.seconds))::float8 AS writes
FROM part
INNER JOIN pg_catalog.pg_class AS r ON part.root = r.oid
INNER JOIN pg_catalog.pg_namespace AS n ON r.relnamespace = n.oid
INNER JOIN pg_catalog.pg_class AS c ON part.relation = c.oid
LEFT JOIN pg_catalog.pg_stat_user_tables AS s ON c.oid = s.relid
CROSS JOIN since
WHERE
    r.relpersistence <> 't'
    AND n.nspname !~ '^pg_'
    AND n.nspname NOT IN ('information_schema', 'airside')
GROUP BY n.nspname, r.relname
ORDER BY n.nspname, r.relname
