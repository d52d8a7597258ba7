-- The foreign keys into a partitioned table: the referencing table, the columns on both sides, and whether an index
-- begins with the referencing ones (in any order), so that a detach need not read the whole table under a lock.
SELECT
    f.conname AS name,
    n.nspname AS schema,
    c.relname AS table,
    keys.columns,
    keys.referred,
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
CROSS JOIN LATERAL (
    SELECT
        array_agg(a.attname::text ORDER BY k.position) AS columns,
        array_agg(r.attname::text ORDER BY k.position) AS referred
    FROM unnest(f.conkey, f.confkey) WITH ORDINALITY AS k (attnum, referred_attnum, position)
    INNER JOIN pg_catalog.pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = k.attnum
    INNER JOIN pg_catalog.pg_attribute AS r ON r.attrelid = f.confrelid AND r.attnum = k.referred_attnum
) AS keys
WHERE f.contype = 'f' AND f.conparentid = 0 AND f.confrelid = %(parent)s
ORDER BY n.nspname, c.relname, f.conname
