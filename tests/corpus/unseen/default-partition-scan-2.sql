-- expects: default-partition-scan
-- timeouts: file
-- given
CREATE TABLE events (id bigint NOT NULL, tenant_id int NOT NULL, kind text, payload jsonb, created_at timestamptz NOT NULL, PRIMARY KEY (id, created_at)) PARTITION BY RANGE (created_at);
CREATE TABLE events_2025_01 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');
CREATE TABLE events_2025_02 PARTITION OF events FOR VALUES FROM ('2025-02-01') TO ('2025-03-01');
CREATE INDEX events_tenant_idx ON events (tenant_id);
CREATE TABLE events_rest PARTITION OF events DEFAULT;
CREATE TABLE events_2025_03 (LIKE events INCLUDING ALL, CHECK (created_at >= '2025-03-01' AND created_at < '2025-04-01'));
-- migration
SET lock_timeout = '2s';
ALTER TABLE events ATTACH PARTITION events_2025_03 FOR VALUES FROM ('2025-03-01') TO ('2025-04-01');
