CREATE TABLE user_sessions (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash varchar(255) NOT NULL CONSTRAINT idx_sessions_token_hash UNIQUE,
    refresh_token_hash varchar(255),
    device_type varchar(50),
    device_id varchar(255),
    user_agent text,
    ip_address inet,
    country_code varchar(2),
    city varchar(100),
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    expires_at timestamptz NOT NULL,
    last_activity_at timestamptz NOT NULL DEFAULT current_timestamp,
    revoked_at timestamptz,
    CONSTRAINT valid_expiration CHECK (expires_at > created_at),
    CONSTRAINT ck_user_sessions_device_type CHECK (device_type IN ('WEB', 'IOS', 'ANDROID'))
);

CREATE INDEX idx_sessions_user_id ON user_sessions (user_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON user_sessions TO user_service_db_app;

GRANT SELECT ON user_sessions TO user_service_db_readonly;

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

GRANT EXECUTE ON FUNCTION cleanup_expired_sessions(integer) TO user_service_db_app;
