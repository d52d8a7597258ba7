-- Who but the owner may read a table.
SELECT DISTINCT
    coalesce(r.rolname, 'public') AS grantee,
    a.grantee = 0 AS is_public
FROM pg_catalog.pg_class AS c
CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) AS a
LEFT JOIN pg_catalog.pg_roles AS r ON a.grantee = r.oid
WHERE c.oid = %(oid)s AND a.grantee <> c.relowner AND a.privilege_type = 'SELECT'
ORDER BY grantee;
