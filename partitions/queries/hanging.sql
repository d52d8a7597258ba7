-- What hangs on a partition itself and would be lost with it: nothing of this comes from its parent. With what to do.
SELECT
    'trigger ' || pg_catalog.quote_ident(t.tgname) AS what,
    format('CREATE TRIGGER it on %%s, or DROP TRIGGER %%I ON %%s', parent.parent, t.tgname, t.tgrelid::regclass) AS remedy
FROM pg_catalog.pg_trigger AS t
CROSS JOIN LATERAL (
    SELECT i.inhparent::regclass::text AS parent
    FROM pg_catalog.pg_inherits AS i
    WHERE i.inhrelid = t.tgrelid
) AS parent
WHERE t.tgrelid = %(oid)s AND NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgname !~ '^airside_mirror_[0-9]+'
UNION ALL
SELECT
    'policy ' || pg_catalog.quote_ident(p.polname),
    format('DROP POLICY %%I ON %%s', p.polname, p.polrelid::regclass)
FROM pg_catalog.pg_policy AS p
WHERE p.polrelid = %(oid)s
UNION ALL
SELECT
    'foreign key ' || pg_catalog.quote_ident(f.conname) || CASE WHEN f.conrelid = %(oid)s THEN '' ELSE format(' of %%s', f.conrelid::regclass) END,
    format('ALTER TABLE %%s DROP CONSTRAINT %%I', f.conrelid::regclass, f.conname)
FROM pg_catalog.pg_constraint AS f
WHERE f.contype = 'f' AND f.conparentid = 0 AND %(oid)s IN (f.conrelid, f.confrelid)
UNION ALL
SELECT
    'function ' || d.objid::regprocedure::text,
    'let it read the table instead'
FROM pg_catalog.pg_depend AS d
WHERE
    d.classid = 'pg_proc'::regclass AND d.deptype = 'n'
    AND d.refclassid = 'pg_class'::regclass AND d.refobjid = %(oid)s AND d.refobjsubid = 0
UNION ALL
SELECT DISTINCT
    CASE v.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' ELSE 'rule ' || pg_catalog.quote_ident(r.rulename) || ' of ' END
    || v.oid::regclass::text,
    CASE v.relkind
        WHEN 'v' THEN format('DROP VIEW %%s, and make it anew over the table', v.oid::regclass)
        WHEN 'm' THEN format('DROP MATERIALIZED VIEW %%s, and make it anew over the table', v.oid::regclass)
        ELSE format('DROP RULE %%I ON %%s', r.rulename, v.oid::regclass)
    END
FROM pg_catalog.pg_rewrite AS r
INNER JOIN pg_catalog.pg_class AS v ON r.ev_class = v.oid
LEFT JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
WHERE r.ev_class = %(oid)s OR (d.refclassid = 'pg_class'::regclass AND d.refobjid = %(oid)s)
UNION ALL
SELECT DISTINCT
    'grant of ' || own.privilege || ' to ' || own.grantee,
    format('GRANT %%s ON %%s TO %%s, or REVOKE it on %%s', own.privilege, own.parent, own.grantee, leaf.oid::regclass)
FROM pg_catalog.pg_class AS leaf
CROSS JOIN LATERAL (
    SELECT
        acl.privilege_type AS privilege,
        coalesce(pg_catalog.quote_ident(r.rolname), 'PUBLIC') AS grantee,
        parent.oid::regclass AS parent
    FROM pg_catalog.pg_inherits AS i
    INNER JOIN pg_catalog.pg_class AS parent ON i.inhparent = parent.oid
    CROSS JOIN LATERAL pg_catalog.aclexplode(leaf.relacl) AS acl
    LEFT JOIN pg_catalog.pg_roles AS r ON acl.grantee = r.oid
    WHERE
        i.inhrelid = leaf.oid AND acl.grantee NOT IN (leaf.relowner, parent.relowner)
        AND NOT EXISTS (
            SELECT FROM pg_catalog.aclexplode(parent.relacl) AS whole
            WHERE whole.grantee = acl.grantee AND whole.privilege_type = acl.privilege_type
        )
) AS own
WHERE leaf.oid = %(oid)s
UNION ALL
SELECT
    'grant on its column ' || pg_catalog.quote_ident(a.attname),
    format('GRANT it on the table, or REVOKE ALL (%%I) ON %%s from whoever has it', a.attname, a.attrelid::regclass)
FROM pg_catalog.pg_attribute AS a
WHERE a.attrelid = %(oid)s AND a.attacl IS NOT NULL AND cardinality(a.attacl) > 0
UNION ALL
SELECT
    'publication ' || pg_catalog.quote_ident(p.pubname),
    format('ALTER PUBLICATION %%I DROP TABLE %%s; publish the table instead', p.pubname, pr.prrelid::regclass)
FROM pg_catalog.pg_publication_rel AS pr
INNER JOIN pg_catalog.pg_publication AS p ON pr.prpubid = p.oid
WHERE pr.prrelid = %(oid)s
ORDER BY 1
