-- What the table of an oid is: its name, its kind, whether it is a partition, and whether a detach is pending.
SELECT
    n.nspname AS schema,
    c.relname AS name,
    c.relkind::text AS kind,
    i.inhrelid IS NOT NULL AS is_attached,
    coalesce(i.inhdetachpending, FALSE) AS is_pending
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
LEFT JOIN pg_catalog.pg_inherits AS i ON c.oid = i.inhrelid
WHERE c.oid = %(oid)s;
