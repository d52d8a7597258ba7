-- Who stands in the way of a backend, what it does and since when.
SELECT
    a.pid,
    coalesce(a.application_name, '') AS application,
    coalesce(a.usename, '') AS username,
    coalesce(a.state, '') AS state,
    extract(EPOCH FROM clock_timestamp() - coalesce(a.xact_start, a.backend_start))::float8 AS transaction_age,
    a.query_start AS statement_start,
    left(regexp_replace(coalesce(a.query, ''), '\s+', ' ', 'g'), 60) AS statement
FROM pg_catalog.pg_stat_activity AS a
WHERE a.pid = any(pg_catalog.pg_blocking_pids(%s));
