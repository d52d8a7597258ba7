-- The table that is to be partitioned.
SELECT
    c.oid::bigint AS oid,
    c.relkind::text AS kind,
    c.relpersistence::text AS persistence,
    c.reloftype <> 0 AS typed,
    c.relrowsecurity AS row_security,
    c.relreplident::text AS replica_identity,
    coalesce(c.reloptions, '{}') AS options,
    (SELECT count(*) FROM pg_catalog.pg_inherits AS i WHERE c.oid IN (i.inhrelid, i.inhparent)) > 0 AS inherits,
    (SELECT count(*) FROM pg_catalog.pg_subscription_rel AS s WHERE c.oid = s.srrelid) > 0 AS subscribed
FROM pg_catalog.pg_class AS c
WHERE c.oid = to_regclass(%(name)s)
