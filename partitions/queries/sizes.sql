-- Sizes of the partitions of the connected database, and how many rows they should have by what ANALYZE last saw.
SELECT
    leaf.oid::bigint AS oid,
    pg_catalog.pg_relation_size(leaf.oid) AS heap,
    pg_catalog.pg_total_relation_size(leaf.oid) AS total,
    -- the planner's own way: the density that was seen, times the pages there are now
    CASE
        WHEN leaf.reltuples >= 0 AND leaf.relpages > 0
            THEN leaf.reltuples / leaf.relpages * pg_catalog.pg_relation_size(leaf.oid) / current_setting('block_size')::int
    END::float8 AS estimate,
    pg_catalog.has_table_privilege(leaf.oid, 'SELECT')
    AND NOT pg_catalog.row_security_active(leaf.oid) AS countable
FROM pg_catalog.pg_class AS leaf
WHERE leaf.relispartition AND leaf.relkind = 'r'
