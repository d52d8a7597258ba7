-- Files and cumulative counters of the users' relations, for statements that run outside a transaction.
SELECT
    c.oid::bigint AS oid,
    n.nspname || '.' || c.relname AS relation,
    c.relkind::text AS kind,
    coalesce(pg_catalog.pg_relation_filenode(c.oid), 0)::bigint AS filenode,
    CASE WHEN c.relispartition THEN pg_catalog.pg_partition_root(c.oid)::bigint END AS root,
    coalesce(s.seq_scan, 0)::bigint AS scans,
    coalesce(s.n_tup_ins + s.n_tup_upd + s.n_tup_del, 0)::bigint AS written,
    '{}'::text [] AS modes
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
LEFT JOIN pg_catalog.pg_stat_all_tables AS s ON c.oid = s.relid
WHERE
    n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'airside')
    AND n.nspname !~ '^pg_(temp|toast_temp)_'
    AND c.relkind IN ('r', 'p', 'm', 'f', 'v', 'i', 'I', 'S')
