-- Removes searches older than `keep`, by the day. Whole partitions are dropped by their policy, not here: a function
-- that drops what the policy still asks for would have it created again.
CREATE FUNCTION purge_search_history(keep interval DEFAULT interval '90 days') RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    n integer;
BEGIN
    DELETE FROM search_history WHERE created_at < now() - keep;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END
$$;

GRANT EXECUTE ON FUNCTION purge_search_history(interval) TO search_service_db_app;
