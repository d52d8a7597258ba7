-- An index of this name that a failed CREATE or DROP INDEX CONCURRENTLY left behind INVALID.
SELECT n.nspname, c.relname
FROM pg_catalog.pg_index AS i
INNER JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid AND c.relkind = 'i' AND i.indrelid = to_regclass(%(table)s) AND c.relname = %(index)s;
