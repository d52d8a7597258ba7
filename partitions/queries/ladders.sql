-- Every partitioned table with each of its direct partitions; one row per partition, one with NULLs where there is none.
SELECT
    ns.nspname AS schema,
    parent.relname AS parent,
    parent.oid::bigint AS parent_oid,
    pt.partstrat::text AS strategy,
    -- definitions and sizes are read under a lock on the table they are of
    CASE
        WHEN %(detail)s THEN pg_catalog.pg_get_partkeydef(parent.oid)
        ELSE (CASE pt.partstrat WHEN 'r' THEN 'RANGE' WHEN 'l' THEN 'LIST' ELSE 'HASH' END) || coalesce(' (' || keys.name || ')', '')
    END AS key_definition,
    keys.name AS key,
    keys.type AS key_type,
    keys.is_not_null AS key_not_null,
    leaf_ns.nspname AS leaf_schema,
    leaf.relname AS leaf,
    leaf.oid::bigint AS leaf_oid,
    leaf.relkind::text AS kind,
    -- with the table's oid it would wait for a lock on the table
    pg_catalog.pg_get_expr(leaf.relpartbound, 0) AS bound,
    coalesce(pg_catalog.pg_get_expr(leaf.relpartbound, 0) = 'DEFAULT', FALSE) AS is_default,
    coalesce(i.inhdetachpending, FALSE) AS pending,
    leaf.reltuples::float8 AS estimate,
    -- leaves only: a partition that is partitioned has no storage of its own
    coalesce(CASE WHEN leaf.relkind = 'r' AND %(detail)s THEN pg_catalog.pg_total_relation_size(leaf.oid) END, 0) AS bytes,
    CASE WHEN %(detail)s THEN coalesce(ranges.definitions, '{}') END AS checks
FROM pg_catalog.pg_partitioned_table AS pt
INNER JOIN pg_catalog.pg_class AS parent ON pt.partrelid = parent.oid
INNER JOIN pg_catalog.pg_namespace AS ns ON parent.relnamespace = ns.oid
LEFT JOIN LATERAL (
    SELECT
        a.attname AS name,
        pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
        a.attnotnull AS is_not_null
    FROM pg_catalog.pg_attribute AS a
    WHERE pt.partnatts = 1 AND a.attrelid = parent.oid AND a.attnum = pt.partattrs[0] AND a.attnum > 0
) AS keys ON TRUE
LEFT JOIN pg_catalog.pg_inherits AS i ON parent.oid = i.inhparent
LEFT JOIN pg_catalog.pg_class AS leaf ON i.inhrelid = leaf.oid
LEFT JOIN pg_catalog.pg_namespace AS leaf_ns ON leaf.relnamespace = leaf_ns.oid
LEFT JOIN LATERAL (
    SELECT array_agg(pg_catalog.pg_get_constraintdef(c.oid)) AS definitions
    FROM pg_catalog.pg_constraint AS c
    WHERE %(detail)s AND c.conrelid = leaf.oid AND c.contype = 'c' AND c.conislocal AND c.convalidated
) AS ranges ON TRUE
WHERE ns.nspname NOT IN ('pg_catalog', 'information_schema', 'airside', 'airside_new') AND ns.nspname !~ '^pg_(toast|temp)'
ORDER BY ns.nspname, parent.relname, leaf.relname
