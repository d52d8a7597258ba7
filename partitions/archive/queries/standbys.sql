-- How many standbys there are.
SELECT count(*)::integer FROM pg_catalog.pg_stat_replication
