-- Whether a table is a partition at this moment; no row when it is gone or another one has its name.
SELECT
    CASE
        WHEN i.inhrelid IS NULL THEN 'detached'
        WHEN i.inhdetachpending THEN 'pending'
        ELSE 'attached'
    END AS place
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS ns ON c.relnamespace = ns.oid
LEFT JOIN pg_catalog.pg_inherits AS i ON c.oid = i.inhrelid
WHERE c.oid::bigint = %(oid)s AND ns.nspname = %(schema)s AND c.relname = %(name)s
