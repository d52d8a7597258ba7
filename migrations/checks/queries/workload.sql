-- What a client's statements on a table depend on: its columns, and the columns of its unique keys, the primary first.
SELECT
    n.nspname::text AS schema,
    c.relname::text AS name,
    (
        SELECT
            json_agg(
                json_build_object(
                    'name', a.attname,
                    'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
                    'base', pg_catalog.format_type(
                        coalesce(nullif(t.typbasetype, 0), t.oid), coalesce(nullif(t.typtypmod, -1), a.atttypmod)
                    ),
                    'required', a.attnotnull AND NOT a.atthasdef AND a.attidentity = '',
                    'given', a.attidentity <> '' OR a.attgenerated <> ''
                    OR coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid) ~* '(nextval|uuid)', FALSE),
                    'sequence', CASE
                        WHEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval%%'
                            THEN pg_catalog.pg_get_serial_sequence(format('%%I.%%I', n.nspname, c.relname), a.attname)
                    END,
                    'fixed', a.attidentity <> '' OR a.attgenerated <> ''
                    OR EXISTS (
                        SELECT FROM pg_catalog.pg_constraint AS k
                        WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = any(k.conkey)
                    )
                    OR a.attnum = any(
                        coalesce((SELECT p.partattrs::int2 [] FROM pg_catalog.pg_partitioned_table AS p WHERE p.partrelid = c.oid), '{}')
                    )
                )
                ORDER BY a.attnum
            )
        FROM pg_catalog.pg_attribute AS a
        INNER JOIN pg_catalog.pg_type AS t ON a.atttypid = t.oid
        LEFT JOIN pg_catalog.pg_attrdef AS d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    ) AS columns,
    (
        SELECT
            json_agg(
                (
                    SELECT json_agg(a.attname ORDER BY u.n)
                    FROM unnest(i.indkey::int2 []) WITH ORDINALITY AS u (attnum, n)
                    INNER JOIN pg_catalog.pg_attribute AS a ON c.oid = a.attrelid AND u.attnum = a.attnum
                    WHERE u.n <= i.indnkeyatts
                )
                ORDER BY i.indisprimary DESC, i.indexrelid ASC
            )
        FROM pg_catalog.pg_index AS i
        WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid
    ) AS keys
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
WHERE c.relkind IN ('r', 'p') AND n.nspname || '.' || c.relname = any(%(tables)s)
ORDER BY n.nspname, c.relname
