-- Who but the owner may do what with a table.
SELECT
    coalesce(r.rolname, 'public')::text AS grantee,
    acl.grantee = 0 AS everybody,
    acl.privilege_type AS privilege,
    acl.is_grantable AS grantable
FROM pg_catalog.pg_class AS c
CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))) AS acl
LEFT JOIN pg_catalog.pg_roles AS r ON acl.grantee = r.oid
WHERE c.oid = %(table)s AND acl.grantee <> c.relowner
