-- Who holds a lock that is in the way of one of ours. Asks for no lock itself.
SELECT DISTINCT l.virtualtransaction
FROM pg_catalog.pg_locks AS l
INNER JOIN unnest(%(oids)s::oid [], %(modes)s::text []) AS wanted (oid, mode) ON l.relation = wanted.oid AND l.mode = wanted.mode
WHERE
    l.locktype = 'relation' AND l.granted AND l.pid <> pg_catalog.pg_backend_pid()
    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database())
