-- How many other clients' statements run at this moment, on the whole server.
SELECT count(*)::integer FROM pg_catalog.pg_stat_activity
WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_catalog.pg_backend_pid()
