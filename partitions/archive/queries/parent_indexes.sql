-- The indexes of a table: what follows its name where one is made, and whether a constraint makes it.
SELECT
    con.oid IS NOT NULL AS is_constraint,
    i.indisunique AS is_unique,
    CASE
        WHEN con.oid IS NOT NULL THEN pg_catalog.pg_get_constraintdef(con.oid)
        ELSE substr(
            pg_catalog.pg_get_indexdef(i.indexrelid),
            length(
                format(
                    'CREATE %%sINDEX %%I ON ONLY %%s ',
                    CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END,
                    index.relname,
                    i.indrelid::regclass
                )
            ) + 1
        )
    END AS definition
FROM pg_catalog.pg_index AS i
INNER JOIN pg_catalog.pg_class AS index ON i.indexrelid = index.oid
LEFT JOIN pg_catalog.pg_constraint AS con ON i.indexrelid = con.conindid AND con.conrelid = i.indrelid AND con.contype IN ('p', 'u', 'x')
WHERE i.indrelid = %(table_oid)s
ORDER BY i.indexrelid;
