-- The columns of a table in their order, with the type under every domain. The text of a type is fully qualified: search_path is empty.
WITH RECURSIVE typed AS (
    SELECT
        a.attnum,
        a.attname,
        pg_catalog.format_type(a.atttypid, a.atttypmod) AS definition,
        a.atttypid AS type_oid,
        a.atttypmod AS modifier,
        0 AS depth
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = %(table_oid)s AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT
        typed.attnum,
        typed.attname,
        typed.definition,
        t.typbasetype,
        t.typtypmod,
        typed.depth + 1
    FROM typed
    INNER JOIN pg_catalog.pg_type AS t ON typed.type_oid = t.oid
    WHERE t.typtype = 'd'
),

bare AS (
    SELECT DISTINCT ON (attnum) typed.*
    FROM typed
    ORDER BY attnum ASC, depth DESC
)

SELECT
    bare.attname AS name,
    bare.definition AS type,
    CASE WHEN t.typnamespace = 'pg_catalog'::regnamespace THEN t.typname ELSE '' END AS base,
    t.typtype::text AS kind,
    bare.modifier::integer AS modifier,
    bare.depth > 0 AS is_domain,
    coalesce(c.collisdeterministic, TRUE) AS deterministic,
    a.attnotnull AS not_null,
    a.attgenerated::text AS generated,
    a.atthasdef OR a.attidentity <> '' AS has_default
FROM bare
INNER JOIN pg_catalog.pg_type AS t ON bare.type_oid = t.oid
INNER JOIN pg_catalog.pg_attribute AS a ON bare.attnum = a.attnum AND a.attrelid = %(table_oid)s
LEFT JOIN pg_catalog.pg_collation AS c ON a.attcollation = c.oid
ORDER BY bare.attnum;
