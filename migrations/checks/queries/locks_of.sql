-- The locks that a session holds or asks for on tables and indexes; a row without relation says that it waits.
SELECT
    l.relation::bigint,
    l.mode
FROM pg_catalog.pg_locks AS l
WHERE
    l.pid = %(pid)s AND l.locktype = 'relation'
    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
UNION ALL
SELECT
    NULL,
    l.mode
FROM pg_catalog.pg_locks AS l
WHERE l.pid = %(pid)s AND NOT l.granted
