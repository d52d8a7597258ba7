-- The condition of a CHECK of a table.
SELECT pg_catalog.pg_get_expr(c.conbin, c.conrelid)
FROM pg_catalog.pg_constraint AS c
WHERE c.conrelid = %(oid)s AND c.conname = %(name)s AND c.contype = 'c'
