-- What the new table gets before it has rows, as statements on the table target.
SELECT statement
FROM (
    SELECT
        1 AS position,
        p.polname AS name,
        format(
            'CREATE POLICY %%I ON %%s AS %%s FOR %%s TO %%s%%s%%s',
            p.polname, %(target)s::text, CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
            CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
            (
                SELECT string_agg(CASE WHEN u.role = 0 THEN 'PUBLIC' ELSE quote_ident(pg_catalog.pg_get_userbyid(u.role)) END, ', ')
                FROM unnest(p.polroles) AS u (role)
            ),
            ' USING (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid) || ')',
            ' WITH CHECK (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')'
        ) AS statement
    FROM pg_catalog.pg_policy AS p
    WHERE p.polrelid = %(oid)s
    UNION ALL
    SELECT
        2 AS position,
        p.polname AS name,
        format('COMMENT ON POLICY %%I ON %%s IS %%L', p.polname, %(target)s::text, pg_catalog.obj_description(p.oid, 'pg_policy')) AS statement
    FROM pg_catalog.pg_policy AS p
    WHERE p.polrelid = %(oid)s AND pg_catalog.obj_description(p.oid, 'pg_policy') IS NOT NULL
    UNION ALL
    SELECT
        3 AS position,
        g.tgname AS name,
        -- the name of the table stands once between ON and what follows
        replace(
            pg_catalog.pg_get_triggerdef(g.oid),
            format(' ON %%I.%%I ', n.nspname, c.relname), ' ON ' || %(target)s::text || ' '
        ) AS statement
    FROM pg_catalog.pg_trigger AS g
    INNER JOIN pg_catalog.pg_class AS c ON g.tgrelid = c.oid
    INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid
    WHERE g.tgrelid = %(oid)s AND NOT g.tgisinternal AND g.tgname NOT LIKE 'airside\_mirror\_%%'
    UNION ALL
    SELECT
        -- so that what is mirrored does not set them off
        4 AS position,
        g.tgname AS name,
        format('ALTER TABLE %%s DISABLE TRIGGER %%I', %(target)s::text, g.tgname) AS statement
    FROM pg_catalog.pg_trigger AS g
    WHERE g.tgrelid = %(oid)s AND NOT g.tgisinternal AND g.tgname NOT LIKE 'airside\_mirror\_%%'
    UNION ALL
    SELECT
        5 AS position,
        g.tgname AS name,
        format('COMMENT ON TRIGGER %%I ON %%s IS %%L', g.tgname, %(target)s::text, pg_catalog.obj_description(g.oid, 'pg_trigger')) AS statement
    FROM pg_catalog.pg_trigger AS g
    WHERE g.tgrelid = %(oid)s AND NOT g.tgisinternal AND pg_catalog.obj_description(g.oid, 'pg_trigger') IS NOT NULL
    UNION ALL
    SELECT
        6 AS position,
        c.relname AS name,
        format('ALTER TABLE %%s %%s', %(target)s::text, x.action) AS statement
    FROM pg_catalog.pg_class AS c
    CROSS JOIN LATERAL (
        VALUES
        ('ENABLE ROW LEVEL SECURITY', c.relrowsecurity),
        ('REPLICA IDENTITY FULL', c.relreplident = 'f'),
        ('REPLICA IDENTITY NOTHING', c.relreplident = 'n')
    ) AS x (action, wanted)
    WHERE c.oid = %(oid)s AND x.wanted
    UNION ALL
    SELECT
        7 AS position,
        c.relname AS name,
        format('COMMENT ON TABLE %%s IS %%L', %(target)s::text, pg_catalog.obj_description(c.oid, 'pg_class')) AS statement
    FROM pg_catalog.pg_class AS c
    WHERE c.oid = %(oid)s AND pg_catalog.obj_description(c.oid, 'pg_class') IS NOT NULL
    UNION ALL
    SELECT
        8 AS position,
        a.attname AS name,
        format('ALTER TABLE %%s ALTER COLUMN %%I SET STATISTICS %%s', %(target)s::text, a.attname, a.attstattarget) AS statement
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = %(oid)s AND a.attnum > 0 AND NOT a.attisdropped AND a.attstattarget >= 0
) AS carried
ORDER BY position, name
