-- Every relation of the users with its file, this transaction's counters on it, and the locks this session holds on it.
SELECT
    c.oid::bigint AS oid,
    n.nspname || '.' || c.relname AS relation,
    c.relkind::text AS kind,
    coalesce(pg_catalog.pg_relation_filenode(c.oid), 0)::bigint AS filenode,
    CASE WHEN c.relispartition THEN pg_catalog.pg_partition_root(c.oid)::bigint END AS root,
    coalesce(s.seq_scan, 0)::bigint AS scans,
    coalesce(s.n_tup_ins + s.n_tup_upd + s.n_tup_del, 0)::bigint AS written,
    coalesce(l.modes, '{}') AS modes
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
LEFT JOIN pg_catalog.pg_stat_xact_all_tables AS s ON c.oid = s.relid
LEFT JOIN (
    SELECT
        relation,
        array_agg(mode) AS modes
    FROM pg_catalog.pg_locks
    WHERE pid = pg_catalog.pg_backend_pid() AND locktype = 'relation' AND granted
    GROUP BY relation
) AS l ON c.oid = l.relation
WHERE
    n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'airside')
    AND n.nspname !~ '^pg_(temp|toast_temp)_'
    AND c.relkind IN ('r', 'p', 'm', 'f', 'v', 'i', 'I', 'S')
