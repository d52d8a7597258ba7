CREATE TABLE user_sessions (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT fk_user_sessions_user REFERENCES users (id) ON DELETE CASCADE,
    token_hash varchar(255) NOT NULL,
    device_info jsonb,
    ip_address inet,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_user_sessions_expiry CHECK (expires_at > created_at)
);

CREATE UNIQUE INDEX idx_user_sessions_token ON user_sessions (token_hash);

CREATE INDEX idx_user_sessions_user_id ON user_sessions (user_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON user_sessions TO user_db_app;

GRANT SELECT ON user_sessions TO user_db_readonly;
