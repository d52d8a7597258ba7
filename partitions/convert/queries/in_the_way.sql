-- What depends on the table or on its row type and cannot be carried over to another table of its name.
SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) AS what
FROM pg_catalog.pg_depend AS d
INNER JOIN pg_catalog.pg_class AS t ON t.oid = %(oid)s
LEFT JOIN pg_catalog.pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
LEFT JOIN pg_catalog.pg_class AS v ON r.ev_class = v.oid
LEFT JOIN pg_catalog.pg_constraint AS k ON d.classid = 'pg_constraint'::regclass AND d.objid = k.oid
LEFT JOIN pg_catalog.pg_trigger AS g ON d.classid = 'pg_trigger'::regclass AND d.objid = g.oid
LEFT JOIN pg_catalog.pg_policy AS p ON d.classid = 'pg_policy'::regclass AND d.objid = p.oid
LEFT JOIN pg_catalog.pg_index AS i ON d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
LEFT JOIN pg_catalog.pg_class AS c ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
LEFT JOIN pg_catalog.pg_proc AS f ON d.classid = 'pg_proc'::regclass AND d.objid = f.oid
WHERE
    (
        (d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid)
        OR (
            d.refclassid = 'pg_type'::regclass
            AND d.refobjid IN (t.reltype, (SELECT y.typarray FROM pg_catalog.pg_type AS y WHERE y.oid = t.reltype))
        )
    )
    AND d.deptype IN ('n', 'a')
    AND NOT (
        d.classid IN ('pg_attrdef'::regclass, 'pg_statistic_ext'::regclass, 'pg_publication_rel'::regclass)
        OR coalesce(v.relkind = 'v' AND d.refclassid = 'pg_class'::regclass, FALSE)
        OR coalesce(k.conrelid = t.oid OR k.confrelid = t.oid, FALSE)
        OR coalesce(g.tgrelid = t.oid, FALSE)
        OR coalesce(p.polrelid = t.oid, FALSE)
        OR coalesce(i.indrelid = t.oid, FALSE)
        OR coalesce(c.relkind = 'S', FALSE)
        OR coalesce(f.prosqlbody IS NOT NULL AND d.refclassid = 'pg_class'::regclass, FALSE)
    )
UNION
SELECT 'rule ' || r.rulename
FROM pg_catalog.pg_rewrite AS r
WHERE r.ev_class = %(oid)s
UNION
SELECT 'publication ' || p.pubname || ' (it names the table, and does not publish through it: publish_via_partition_root)'
FROM pg_catalog.pg_publication_rel AS pr
INNER JOIN pg_catalog.pg_publication AS p ON pr.prpubid = p.oid
WHERE pr.prrelid = %(oid)s AND NOT p.pubviaroot
ORDER BY 1
