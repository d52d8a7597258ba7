-- Indexes that are named after the table under which they were made, and what they would be called after their own.
SELECT
    ns.nspname AS schema,
    i.relname AS name,
    t.relname || substr(i.relname, length(%(made_as)s) + 1) AS better
FROM pg_catalog.pg_index AS x
INNER JOIN pg_catalog.pg_class AS i ON x.indexrelid = i.oid
INNER JOIN pg_catalog.pg_class AS t ON x.indrelid = t.oid
INNER JOIN pg_catalog.pg_namespace AS ns ON i.relnamespace = ns.oid
WHERE
    starts_with(i.relname, %(made_as)s || '_') AND t.relname <> %(made_as)s
    AND octet_length(t.relname || substr(i.relname, length(%(made_as)s) + 1)) < 64
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_class AS taken
        WHERE taken.relnamespace = i.relnamespace AND taken.relname = t.relname || substr(i.relname, length(%(made_as)s) + 1)
    )
