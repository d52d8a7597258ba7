-- The indexes of the table that belong to no constraint: what comes after the name of the table in their definitions.
SELECT
    ic.relname AS name,
    i.indisunique AS is_unique,
    i.indisvalid AS valid,
    i.indnullsnotdistinct AS nulls_not_distinct,
    pg_catalog.pg_get_indexdef(i.indexrelid) AS definition,
    ARRAY(
        SELECT a.attname::text
        FROM UNNEST(i.indkey::int2 []) WITH ORDINALITY AS u (attnum, position)
        INNER JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.attnum
        WHERE u.position <= i.indnkeyatts
        ORDER BY u.position
    ) AS columns,
    pg_catalog.obj_description(i.indexrelid, 'pg_class') AS remark
FROM pg_catalog.pg_index AS i
INNER JOIN pg_catalog.pg_class AS ic ON i.indexrelid = ic.oid
WHERE
    i.indrelid = %(oid)s
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY ic.relname
