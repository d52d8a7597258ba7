-- Tables that rows can be put into, each with its columns, in the order of their oids (referenced tables mostly first).
SELECT
    c.oid::bigint AS oid,
    n.nspname AS schema,
    pg_catalog.pg_get_userbyid(c.relowner) AS owner,
    c.relname AS name,
    c.relkind::text AS kind,
    coalesce(pg_catalog.pg_get_partkeydef(c.oid), '') AS partition_key,
    (SELECT count(*) > 0 FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = c.oid) AS has_partitions,
    (
        SELECT
            json_agg(
                json_build_object(
                    'name', a.attname,
                    'type', pg_catalog.format_type(coalesce(base.oid, t.oid), coalesce(nullif(t.typtypmod, -1), a.atttypmod)),
                    'category', coalesce(base.typcategory, t.typcategory),
                    'element', pg_catalog.format_type(coalesce(base.typelem, t.typelem), NULL),
                    'not_null', a.attnotnull OR t.typnotnull,
                    'filled', a.attidentity <> '' OR a.attgenerated <> '',
                    'has_default', a.atthasdef,
                    'labels', (
                        SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder)
                        FROM pg_catalog.pg_enum AS e
                        WHERE e.enumtypid = coalesce(base.oid, t.oid)
                    )
                )
                ORDER BY a.attnum
            )
        FROM pg_catalog.pg_attribute AS a
        INNER JOIN pg_catalog.pg_type AS t ON a.atttypid = t.oid
        LEFT JOIN pg_catalog.pg_type AS base ON t.typbasetype = base.oid AND t.typtype = 'd'
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    ) AS columns,
    (
        SELECT
            json_agg(
                json_build_object(
                    'name', k.conname,
                    'kind', k.contype,
                    'definition', pg_catalog.pg_get_constraintdef(k.oid),
                    'columns', (
                        SELECT json_agg(a.attname ORDER BY u.n)
                        FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, n)
                        INNER JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.attnum
                    ),
                    'target', k.confrelid::bigint,
                    'target_columns', (
                        SELECT json_agg(a.attname ORDER BY u.n)
                        FROM unnest(k.confkey) WITH ORDINALITY AS u (attnum, n)
                        INNER JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.attnum
                    )
                )
            )
        FROM pg_catalog.pg_constraint AS k
        WHERE (k.conrelid = c.oid AND k.contype IN ('c', 'f') AND k.conparentid = 0) OR (
            k.contype = 'c' AND k.contypid IN (
                SELECT a.atttypid FROM pg_catalog.pg_attribute AS a
                WHERE a.attrelid = c.oid
            )
        )
    ) AS constraints
FROM pg_catalog.pg_class AS c
INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
WHERE
    c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'airside') AND n.nspname !~ '^pg_'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY c.oid
