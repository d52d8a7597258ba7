-- The stored expressions of every policy.
SELECT
    n.nspname AS schema,
    c.relname AS relation,
    p.polname AS policy,
    coalesce(p.polqual::text, '') || coalesce(p.polwithcheck::text, '') AS tree
FROM pg_catalog.pg_policy AS p
INNER JOIN pg_catalog.pg_class AS c ON p.polrelid = c.oid
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
WHERE NOT c.relispartition
