-- The constraints of the table that rest on an index or may not hold.
SELECT
    k.conname AS name,
    k.contype::text AS kind,
    k.convalidated AS validated,
    pg_catalog.pg_get_constraintdef(k.oid) AS definition,
    ARRAY(
        SELECT a.attname::text
        FROM UNNEST(k.conkey) WITH ORDINALITY AS u (attnum, position)
        INNER JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.attnum
        ORDER BY u.position
    ) AS columns
FROM pg_catalog.pg_constraint AS k
WHERE k.conrelid = %(oid)s AND k.contype IN ('p', 'u', 'x', 'c', 'f')
ORDER BY k.contype, k.conname
