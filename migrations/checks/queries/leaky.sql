-- What is not leakproof among these functions, operators and casts by text, as (what, oid, how it is spelled).
SELECT
    'function' AS what,
    p.oid::bigint AS oid,
    p.oid::pg_catalog.regprocedure::text AS spelled
FROM pg_catalog.pg_proc AS p
WHERE p.oid = any(%(functions)s::oid[]) AND NOT p.proleakproof
UNION ALL
SELECT
    'operator',
    o.oid::bigint,
    o.oid::pg_catalog.regoperator::text
FROM pg_catalog.pg_operator AS o
INNER JOIN pg_catalog.pg_proc AS p ON o.oprcode = p.oid
WHERE o.oid = any(%(operators)s::oid[]) AND NOT p.proleakproof
UNION ALL
-- a cast by text calls the output function of the one type, unknown here, and the input function of the other
SELECT
    'cast',
    t.oid::bigint,
    'to ' || pg_catalog.format_type(t.oid, NULL)
FROM pg_catalog.pg_type AS t
WHERE t.oid = any(%(casts)s::oid[])
