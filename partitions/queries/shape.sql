-- What a new partition takes from its parent besides what LIKE copies; storage parameters come from the newest
-- partition, for a partitioned table has none of its own.
SELECT
    CASE WHEN parent.relowner <> (SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolname = current_user)
        THEN pg_catalog.pg_get_userbyid(parent.relowner) END AS owner,
    (SELECT t.spcname FROM pg_catalog.pg_tablespace AS t WHERE t.oid = parent.reltablespace) AS tablespace,
    (SELECT am.amname FROM pg_catalog.pg_am AS am WHERE am.oid = parent.relam) AS access_method,
    parent.relrowsecurity AS row_security,
    parent.relreplident::text AS replica_identity,
    pg_catalog.obj_description(parent.oid, 'pg_class') AS remark,
    coalesce((
        SELECT array_agg(sibling.options)
        FROM (
            SELECT unnest(
                coalesce(leaf.reloptions, '{}')
                || coalesce(array(SELECT 'toast.' || o FROM unnest(toast.reloptions) AS o), '{}')
            ) AS options
            FROM (
                SELECT
                    c.reloptions,
                    c.reltoastrelid
                FROM pg_catalog.pg_inherits AS i
                INNER JOIN pg_catalog.pg_class AS c ON i.inhrelid = c.oid
                WHERE i.inhparent = parent.oid AND c.relkind = 'r' AND pg_catalog.pg_get_expr(c.relpartbound, 0) <> 'DEFAULT'
                ORDER BY c.oid DESC
                LIMIT 1
            ) AS leaf
            LEFT JOIN pg_catalog.pg_class AS toast ON leaf.reltoastrelid = toast.oid
        ) AS sibling
    ), '{}') AS options,
    coalesce((
        SELECT json_agg(json_build_array(a.attname, a.attstattarget))
        FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = parent.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attstattarget >= 0
    ), '[]') AS statistics_targets,
    coalesce((
        SELECT json_agg(json_build_array(a.attname, a.attoptions))
        FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = parent.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attoptions IS NOT NULL
    ), '[]') AS column_options
FROM pg_catalog.pg_class AS parent
WHERE parent.oid = %(parent)s
