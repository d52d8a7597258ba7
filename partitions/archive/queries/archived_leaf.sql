-- A partition by its oid: schema, name, bound and the name of its parent.
SELECT
    n.nspname AS schema,
    c.relname AS name,
    pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound,
    p.relname AS parent
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
INNER JOIN pg_catalog.pg_inherits AS i ON c.oid = i.inhrelid
INNER JOIN pg_catalog.pg_class AS p ON i.inhparent = p.oid
WHERE c.oid = %(leaf)s AND NOT i.inhdetachpending
