CREATE TABLE chat_sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id uuid NOT NULL DEFAULT current_tenant_id(),
    user_id uuid NOT NULL,
    title varchar(255),
    status varchar(20) NOT NULL DEFAULT 'active',
    thread_id uuid NOT NULL DEFAULT gen_random_uuid(),
    checkpoint_ns varchar(255) NOT NULL DEFAULT '',
    context jsonb NOT NULL DEFAULT '{}',
    message_count integer NOT NULL DEFAULT 0,
    last_message_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    CONSTRAINT fk_chat_sessions_user
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT uq_chat_sessions_thread UNIQUE (thread_id),
    CONSTRAINT uq_chat_sessions_tenant_id UNIQUE (tenant_id, id),
    CONSTRAINT ck_chat_sessions_status CHECK (status IN ('active', 'archived', 'closed')),
    CONSTRAINT ck_chat_sessions_count CHECK (message_count >= 0)
);

CREATE INDEX idx_chat_sessions_user ON chat_sessions (tenant_id, user_id, created_at DESC);

CREATE OR REPLACE TRIGGER trg_chat_sessions_updated_at BEFORE UPDATE ON chat_sessions
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

ALTER TABLE chat_sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE chat_sessions FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant_isolation ON chat_sessions
USING (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid))
WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid));

GRANT SELECT, INSERT, UPDATE, DELETE ON chat_sessions TO global_travel_hub_app;

GRANT SELECT ON chat_sessions TO global_travel_hub_readonly;

-- Its partitions come from the roller; there is none by DEFAULT.
CREATE TABLE chat_messages (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    tenant_id uuid NOT NULL DEFAULT current_tenant_id(),
    session_id uuid NOT NULL,
    role varchar(20) NOT NULL,
    content text NOT NULL,
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, created_at),
    CONSTRAINT fk_chat_messages_session
    FOREIGN KEY (tenant_id, session_id) REFERENCES chat_sessions (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_chat_messages_role CHECK (role IN ('user', 'assistant', 'system', 'tool'))
) PARTITION BY RANGE (created_at);

CREATE INDEX idx_chat_messages_session_created ON chat_messages (session_id, created_at DESC);

CREATE INDEX idx_chat_messages_time_brin ON chat_messages USING brin (created_at);

CREATE FUNCTION chat_messages_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE chat_sessions
    SET message_count = message_count + 1,
        last_message_at = greatest(last_message_at, NEW.created_at)
    WHERE id = NEW.session_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER trg_chat_messages_count AFTER INSERT ON chat_messages
FOR EACH ROW EXECUTE FUNCTION chat_messages_count();

ALTER TABLE chat_messages ENABLE ROW LEVEL SECURITY;

ALTER TABLE chat_messages FORCE ROW LEVEL SECURITY;

-- airside: allow policy-column-without-index on public.chat_messages because messages are found by their session, which belongs to one tenant
CREATE POLICY tenant_isolation ON chat_messages
USING (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid))
WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid));

GRANT SELECT, INSERT, UPDATE, DELETE ON chat_messages TO global_travel_hub_app;

GRANT SELECT ON chat_messages TO global_travel_hub_readonly;
