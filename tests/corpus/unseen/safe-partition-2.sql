-- safe
-- timeouts: file
-- given
CREATE TABLE events (id bigint NOT NULL, tenant_id int NOT NULL, kind text, payload jsonb, created_at timestamptz NOT NULL, PRIMARY KEY (id, created_at)) PARTITION BY RANGE (created_at);
CREATE TABLE events_2025_01 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');
CREATE TABLE events_2025_02 PARTITION OF events FOR VALUES FROM ('2025-02-01') TO ('2025-03-01');
CREATE INDEX events_tenant_idx ON events (tenant_id);
-- migration
SET lock_timeout = '2s';
CREATE TABLE IF NOT EXISTS events_2025_04 PARTITION OF public.events FOR VALUES FROM ('2025-04-01 00:00:00+00') TO ('2025-05-01 00:00:00+00');
CREATE TABLE IF NOT EXISTS events_2025_05 PARTITION OF public.events FOR VALUES FROM ('2025-05-01 00:00:00+00') TO ('2025-06-01 00:00:00+00');
