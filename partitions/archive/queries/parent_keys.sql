-- The foreign keys of a table, and whether another one has each of them: NULL when not, else whether it is validated.
SELECT
    p.conname AS name,
    pg_catalog.pg_get_constraintdef(p.oid) AS definition,
    own.convalidated AS is_validated
FROM pg_catalog.pg_constraint AS p
LEFT JOIN pg_catalog.pg_constraint AS own ON p.conname = own.conname AND own.conrelid = %(table_oid)s
WHERE p.conrelid = %(parent_oid)s AND p.contype = 'f' AND p.conparentid = 0
ORDER BY p.conname;
