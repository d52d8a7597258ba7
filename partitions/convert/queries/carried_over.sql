-- What the new table gets when it has the name of the old one, as statements on the table name.
SELECT statement
FROM (
    SELECT
        1 AS position,
        g.tgname AS name,
        format(
            'ALTER TABLE %%s ENABLE %%sTRIGGER %%I', %(name)s::text,
            CASE g.tgenabled WHEN 'A' THEN 'ALWAYS ' WHEN 'R' THEN 'REPLICA ' ELSE '' END, g.tgname
        ) AS statement
    FROM pg_catalog.pg_trigger AS g
    WHERE
        g.tgrelid = %(oid)s AND NOT g.tgisinternal AND g.tgenabled <> 'D' AND g.tgname NOT LIKE 'airside\_mirror\_%%'
    UNION ALL
    SELECT
        2 AS position,
        '' AS name,
        format('REVOKE ALL ON TABLE %%s FROM PUBLIC, %%I', %(name)s::text, pg_catalog.pg_get_userbyid(c.relowner)) AS statement
    FROM pg_catalog.pg_class AS c
    WHERE c.oid = %(oid)s AND c.relacl IS NOT NULL
    UNION ALL
    SELECT
        3 AS position,
        a.grantee::text || a.privilege_type AS name,
        format(
            'GRANT %%s ON TABLE %%s TO %%s%%s', a.privilege_type, %(name)s::text,
            CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END,
            CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
        ) AS statement
    FROM pg_catalog.pg_class AS c
    CROSS JOIN LATERAL aclexplode(c.relacl) AS a
    WHERE c.oid = %(oid)s
    UNION ALL
    SELECT
        4 AS position,
        b.attname || a.grantee::text || a.privilege_type AS name,
        format(
            'GRANT %%s (%%I) ON TABLE %%s TO %%s%%s', a.privilege_type, b.attname, %(name)s::text,
            CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END,
            CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
        ) AS statement
    FROM pg_catalog.pg_attribute AS b
    CROSS JOIN LATERAL aclexplode(b.attacl) AS a
    WHERE b.attrelid = %(oid)s AND NOT b.attisdropped
    UNION ALL
    SELECT
        5 AS position,
        v.relname AS name,
        format(
            'CREATE OR REPLACE VIEW %%I.%%I%%s AS %%s', vn.nspname, v.relname,
            ' WITH (' || array_to_string(v.reloptions, ', ') || ')', rtrim(pg_catalog.pg_get_viewdef(v.oid), ';')
        ) AS statement
    FROM pg_catalog.pg_class AS v
    INNER JOIN pg_catalog.pg_namespace AS vn ON v.relnamespace = vn.oid
    WHERE
        v.relkind = 'v' AND EXISTS (
            SELECT FROM pg_catalog.pg_depend AS d
            INNER JOIN pg_catalog.pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
            WHERE r.ev_class = v.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid = %(oid)s
        )
    UNION ALL
    SELECT
        6 AS position,
        f.proname AS name,
        pg_catalog.pg_get_functiondef(f.oid) AS statement
    FROM pg_catalog.pg_proc AS f
    WHERE
        f.prosqlbody IS NOT NULL AND EXISTS (
            SELECT FROM pg_catalog.pg_depend AS d
            WHERE
                d.classid = 'pg_proc'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_class'::regclass
                AND d.refobjid = %(oid)s
        )
    UNION ALL
    SELECT
        7 AS position,
        s.stxname AS name,
        format(
            'DROP STATISTICS %%I.%%I; %%s', n.nspname, s.stxname, pg_catalog.pg_get_statisticsobjdef(s.oid)
        ) AS statement
    FROM pg_catalog.pg_statistic_ext AS s
    INNER JOIN pg_catalog.pg_namespace AS n ON s.stxnamespace = n.oid
    WHERE s.stxrelid = %(oid)s
    UNION ALL
    SELECT
        8 AS position,
        p.pubname AS name,
        format(
            'ALTER PUBLICATION %%I DROP TABLE %%s; ALTER PUBLICATION %%I ADD TABLE %%s%%s%%s', p.pubname, %(old)s::text,
            p.pubname, %(name)s::text,
            ' (' || (
                SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.position)
                FROM unnest(pr.prattrs::int2 []) WITH ORDINALITY AS u (attnum, position)
                INNER JOIN pg_catalog.pg_attribute AS a ON a.attrelid = pr.prrelid AND a.attnum = u.attnum
            ) || ')',
            ' WHERE (' || pg_catalog.pg_get_expr(pr.prqual, pr.prrelid) || ')'
        ) AS statement
    FROM pg_catalog.pg_publication_rel AS pr
    INNER JOIN pg_catalog.pg_publication AS p ON pr.prpubid = p.oid
    WHERE pr.prrelid = %(oid)s
    UNION ALL
    SELECT
        9 AS position,
        c.relname AS name,
        format('ALTER TABLE %%s FORCE ROW LEVEL SECURITY', %(name)s::text) AS statement
    FROM pg_catalog.pg_class AS c
    WHERE c.oid = %(oid)s AND %(forced)s::bool
) AS carried
ORDER BY position, name
