-- Its partitions come from the roller; there is none by DEFAULT.
CREATE TABLE analytics_events (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    tenant_id uuid NOT NULL DEFAULT current_tenant_id(),
    user_id uuid,
    session_id uuid,
    event_type varchar(100) NOT NULL,
    event_data jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);

CREATE INDEX idx_analytics_events_type_created ON analytics_events (event_type, created_at DESC);

CREATE INDEX idx_analytics_events_user_created ON analytics_events (user_id, created_at DESC);

CREATE INDEX idx_analytics_events_time_brin ON analytics_events USING brin (created_at);

ALTER TABLE analytics_events ENABLE ROW LEVEL SECURITY;

ALTER TABLE analytics_events FORCE ROW LEVEL SECURITY;

-- airside: allow policy-column-without-index on public.analytics_events because events are found by type or user within a month; whole tenants are read by reports alone, by time
CREATE POLICY tenant_isolation ON analytics_events
USING (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid))
WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid));

-- The audit trail: never deleted; UPDATE takes the person out of it.
GRANT SELECT, INSERT, UPDATE ON analytics_events TO global_travel_hub_app;

GRANT SELECT ON analytics_events TO global_travel_hub_readonly;
