-- Every foreign key of its own right, and whether an index begins with its columns (in any order): without one a
-- detach of what it refers to reads the whole referencing table under a lock.
SELECT
    f.oid::bigint AS oid,
    f.conname AS name,
    c.oid::bigint AS table_oid,
    n.nspname AS table_schema,
    c.relname AS table_name,
    r.oid::bigint AS referred_oid,
    rn.nspname AS referred_schema,
    r.relname AS referred_name,
    keys.columns,
    keys.referred_columns,
    coalesce((
        SELECT TRUE
        FROM pg_catalog.pg_index AS i
        WHERE
            i.indrelid = f.conrelid AND i.indisvalid AND i.indpred IS NULL
            AND (i.indkey::int2 [])[0:cardinality(f.conkey) - 1] @> f.conkey
        ORDER BY i.indexrelid
        LIMIT 1
    ), FALSE) AS indexed
FROM pg_catalog.pg_constraint AS f
INNER JOIN pg_catalog.pg_class AS c ON f.conrelid = c.oid
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
INNER JOIN pg_catalog.pg_class AS r ON f.confrelid = r.oid
INNER JOIN pg_catalog.pg_namespace AS rn ON r.relnamespace = rn.oid
CROSS JOIN LATERAL (
    SELECT
        array_agg(a.attname::text ORDER BY k.position) AS columns,
        array_agg(ra.attname::text ORDER BY k.position) AS referred_columns
    FROM unnest(f.conkey, f.confkey) WITH ORDINALITY AS k (attnum, referred_attnum, position)
    INNER JOIN pg_catalog.pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = k.attnum
    INNER JOIN pg_catalog.pg_attribute AS ra ON ra.attrelid = f.confrelid AND ra.attnum = k.referred_attnum
) AS keys
WHERE f.contype = 'f' AND f.conparentid = 0
ORDER BY n.nspname, c.relname, f.conname
