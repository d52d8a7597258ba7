-- Whether two tables have the same columns: names, types, and which are generated.
SELECT
    coalesce(array_agg((a.attname, a.atttypid, a.atttypmod, a.attcollation, a.attgenerated)::text ORDER BY a.attname) FILTER (
        WHERE a.attrelid = %(one)s::regclass
    ), '{}')
    = coalesce(array_agg((a.attname, a.atttypid, a.atttypmod, a.attcollation, a.attgenerated)::text ORDER BY a.attname) FILTER (
        WHERE a.attrelid = %(other)s::regclass
    ), '{}') AS same
FROM pg_catalog.pg_attribute AS a
WHERE a.attrelid IN (%(one)s::regclass, %(other)s::regclass) AND a.attnum > 0 AND NOT a.attisdropped
