-- How far the slowest standby is behind, in seconds: what it has not replayed, whether or not it tells how old that is.
SELECT max(coalesce(extract(EPOCH FROM replay_lag), 0))::float8 FROM pg_catalog.pg_stat_replication
