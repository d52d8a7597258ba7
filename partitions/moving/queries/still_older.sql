-- Which of some transactions are still there and may have a snapshot from before a transaction id. Of sessions that
-- one may not look into (their state is NULL) the worst is thought.
SELECT
    l.virtualtransaction AS id,
    l.pid,
    coalesce(s.application_name, '') AS application,
    coalesce(s.usename, '') AS username,
    coalesce(s.state, 'unknown state') AS state,
    coalesce(extract(EPOCH FROM clock_timestamp() - s.xact_start), 0)::float8 AS transaction_age
FROM pg_catalog.pg_locks AS l
INNER JOIN pg_catalog.pg_stat_activity AS s ON l.pid = s.pid
WHERE
    l.locktype = 'virtualxid' AND l.granted AND l.virtualtransaction = any(%(ids)s)
    AND (s.state IS NULL OR age(s.backend_xmin) >= age(%(horizon)s::xid))
