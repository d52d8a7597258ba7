DROP FUNCTION purge_search_history(interval);
