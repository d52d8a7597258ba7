-- Who but the owner may do what with a table, without those of its parent's owner.
SELECT
    acl.privilege_type AS privilege,
    r.rolname AS grantee,
    acl.is_grantable AS grantable
FROM pg_catalog.pg_class AS c
CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) AS acl
LEFT JOIN pg_catalog.pg_roles AS r ON acl.grantee = r.oid
WHERE c.oid = %(oid)s AND acl.grantee <> c.relowner
ORDER BY r.rolname, acl.privilege_type
