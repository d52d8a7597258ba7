-- Triggers that fire on TRUNCATE (bit 5 of tgtype) in a usual session.
SELECT
    n.nspname,
    c.relname,
    t.tgname,
    t.tgenabled::text
FROM pg_catalog.pg_trigger AS t
INNER JOIN pg_catalog.pg_class AS c ON t.tgrelid = c.oid
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
WHERE
    NOT t.tgisinternal
    AND t.tgtype & 32 <> 0
    AND t.tgenabled IN ('O', 'A')
    AND t.tgrelid = ANY(%(tables)s::text[]::regclass[])
ORDER BY n.nspname, c.relname, t.tgname;
