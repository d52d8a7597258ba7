-- The validated CHECKs of a table.
SELECT pg_catalog.pg_get_constraintdef(c.oid)
FROM pg_catalog.pg_constraint AS c
WHERE c.conrelid = %(oid)s AND c.contype = 'c' AND c.convalidated;
