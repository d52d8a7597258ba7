-- The indexes of a table for which another one has no match, in the form of parent_indexes.
SELECT
    con.oid IS NOT NULL AS is_constraint,
    i.indisunique AS is_unique,
    CASE
        WHEN con.oid IS NOT NULL THEN pg_catalog.pg_get_constraintdef(con.oid)
        ELSE regexp_replace(pg_catalog.pg_get_indexdef(i.indexrelid), '^.*? (?=USING )', '')
    END AS definition
FROM pg_catalog.pg_index AS i
LEFT JOIN pg_catalog.pg_constraint AS con ON i.indexrelid = con.conindid AND con.conrelid = i.indrelid AND con.contype IN ('p', 'u', 'x')
WHERE
    i.indrelid = %(parent_oid)s
    AND NOT EXISTS (
        SELECT
        FROM pg_catalog.pg_index AS own
        LEFT JOIN pg_catalog.pg_constraint AS own_con ON own.indexrelid = own_con.conindid AND own.indrelid = own_con.conrelid
        WHERE
            own.indrelid = %(table_oid)s AND own.indisvalid AND own.indisunique = i.indisunique
            AND (con.oid IS NULL OR own_con.contype = con.contype)
            AND regexp_replace(pg_catalog.pg_get_indexdef(own.indexrelid), '^.*? (?=USING )', '')
            = regexp_replace(pg_catalog.pg_get_indexdef(i.indexrelid), '^.*? (?=USING )', '')
    )
ORDER BY i.indexrelid;
