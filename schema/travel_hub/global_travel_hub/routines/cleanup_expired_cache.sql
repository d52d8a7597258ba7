-- Returns how many searches have expired.
CREATE FUNCTION cleanup_expired_cache() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    a integer;
    b integer;
BEGIN
    DELETE FROM flight_search_cache WHERE expires_at < now();
    GET DIAGNOSTICS a = ROW_COUNT;
    DELETE FROM hotel_search_cache WHERE expires_at < now();
    GET DIAGNOSTICS b = ROW_COUNT;
    RETURN a + b;
END
$$;
