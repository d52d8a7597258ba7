-- The sequences that belong to columns of the table: those of its identity have to be made anew.
SELECT
    n.nspname AS schema,
    s.relname AS name,
    a.attname AS of_column,
    d.deptype = 'i' AS is_identity,
    ARRAY(
        SELECT
            FORMAT(
                'GRANT %%s ON SEQUENCE %%I.%%I TO %%s%%s', x.privilege_type, n.nspname, s.relname,
                CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE QUOTE_IDENT(pg_catalog.pg_get_userbyid(x.grantee)) END,
                CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
            )
        FROM ACLEXPLODE(s.relacl) AS x
    ) AS grants
FROM pg_catalog.pg_depend AS d
INNER JOIN pg_catalog.pg_class AS s ON d.objid = s.oid AND s.relkind = 'S'
INNER JOIN pg_catalog.pg_namespace AS n ON s.relnamespace = n.oid
INNER JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = %(oid)s AND d.deptype IN ('a', 'i')
ORDER BY s.relname
