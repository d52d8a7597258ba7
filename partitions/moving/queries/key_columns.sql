-- A foreign key of a table: its columns, what they refer to, and where.
SELECT
    rn.nspname AS schema,
    r.relname AS table,
    array_agg(a.attname::text ORDER BY k.position) AS columns,
    array_agg(ra.attname::text ORDER BY k.position) AS referred
FROM pg_catalog.pg_constraint AS f
INNER JOIN pg_catalog.pg_class AS r ON f.confrelid = r.oid
INNER JOIN pg_catalog.pg_namespace AS rn ON r.relnamespace = rn.oid
CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY AS k (attnum, referred_attnum, position)
INNER JOIN pg_catalog.pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = k.attnum
INNER JOIN pg_catalog.pg_attribute AS ra ON ra.attrelid = f.confrelid AND ra.attnum = k.referred_attnum
WHERE f.conrelid = to_regclass(%(table)s) AND f.conname = %(name)s AND f.contype = 'f'
GROUP BY rn.nspname, r.relname
