-- The partitions that were made up for the parent of a given one, or for a given parent.
SELECT
    pn.nspname::text AS parent_schema,
    p.relname::text AS parent,
    n.nspname::text AS namespace,
    c.relname::text AS name
FROM pg_catalog.pg_inherits AS i
INNER JOIN pg_catalog.pg_class AS p ON i.inhparent = p.oid
INNER JOIN pg_catalog.pg_namespace AS pn ON p.relnamespace = pn.oid
INNER JOIN pg_catalog.pg_class AS c ON i.inhrelid = c.oid
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
WHERE
    c.relname ~ '_airside_\d+$' AND p.relkind = 'p'
    AND (
        i.inhparent IN (
            SELECT o.inhparent
            FROM pg_catalog.pg_inherits AS o
            INNER JOIN pg_catalog.pg_class AS k ON o.inhrelid = k.oid
            WHERE k.relname = %(name)s
        )
        OR p.relname = %(name)s
    )
