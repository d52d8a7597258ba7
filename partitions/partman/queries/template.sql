-- What a template table adds to the partitions that pg_partman makes.
SELECT
    c.relpersistence = 'u' AS unlogged,
    c.reloptions IS NOT NULL AS has_options,
    c.relhasindex AS has_indexes
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
WHERE n.nspname || '.' || c.relname = %(template)s
