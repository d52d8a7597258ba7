-- Removes sessions that expired 30 days ago, at most `batch_size` at a time; run daily until it returns 0.
CREATE FUNCTION cleanup_expired_sessions(batch_size integer DEFAULT 10000) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    n integer;
BEGIN
    DELETE FROM user_sessions
    WHERE id IN (
        SELECT id FROM user_sessions
        WHERE expires_at < now() - interval '30 days'
        LIMIT batch_size
        FOR UPDATE SKIP LOCKED
    );
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END
$$;
