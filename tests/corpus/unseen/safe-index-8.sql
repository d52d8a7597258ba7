-- safe
-- timeouts: file
-- given
CREATE TABLE events (id bigint NOT NULL, tenant_id int NOT NULL, kind text, payload jsonb, created_at timestamptz NOT NULL, PRIMARY KEY (id, created_at)) PARTITION BY RANGE (created_at);
CREATE TABLE events_2025_01 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');
CREATE TABLE events_2025_02 PARTITION OF events FOR VALUES FROM ('2025-02-01') TO ('2025-03-01');
CREATE INDEX events_tenant_idx ON events (tenant_id);
CREATE INDEX events_kind_idx ON ONLY events (kind);
-- migration
SET lock_timeout = '5s';
CREATE INDEX CONCURRENTLY events_2025_01_kind ON events_2025_01 (kind);
CREATE INDEX CONCURRENTLY events_2025_02_kind ON events_2025_02 (kind);
