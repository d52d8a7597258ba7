-- What is not leakproof among these functions, operators and casts by text, as (kind, oid, how it is told).
SELECT
    'function' AS kind,
    p.oid::bigint AS oid,
    'function ' || p.oid::pg_catalog.regprocedure::text AS told
FROM pg_catalog.pg_proc AS p
WHERE p.oid = any(%(functions)s::oid[]) AND NOT p.proleakproof
UNION ALL
SELECT
    'operator',
    o.oid::bigint,
    CASE
        WHEN EXISTS (
            SELECT 1
            FROM pg_catalog.pg_amop AS member
            INNER JOIN pg_catalog.pg_am AS method ON member.amopmethod = method.oid
            WHERE member.amopopr = o.oid AND o.oid < 16384 AND method.amname IN ('btree', 'hash')
        ) THEN 'comparison '
        ELSE 'operator '
    END || o.oid::pg_catalog.regoperator::text
FROM pg_catalog.pg_operator AS o
INNER JOIN pg_catalog.pg_proc AS p ON o.oprcode = p.oid
WHERE o.oid = any(%(operators)s::oid[]) AND NOT p.proleakproof
UNION ALL
-- a cast by text calls the output function of the one type, unknown here, and the input function of the other
SELECT
    'cast',
    t.oid::bigint,
    'cast to ' || pg_catalog.format_type(t.oid, NULL)
FROM pg_catalog.pg_type AS t
WHERE t.oid = any(%(casts)s::oid[])
