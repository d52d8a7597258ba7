-- Transactions of this database under way, other than ours and those of autovacuum.
SELECT
    l.virtualtransaction AS id,
    l.pid
FROM pg_catalog.pg_locks AS l
INNER JOIN pg_catalog.pg_stat_activity AS s ON l.pid = s.pid
WHERE
    l.locktype = 'virtualxid' AND l.granted AND l.pid <> pg_catalog.pg_backend_pid()
    AND s.datname = current_database() AND s.backend_type <> 'autovacuum worker'
