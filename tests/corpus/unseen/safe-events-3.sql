-- safe
-- timeouts: file
-- given
CREATE TABLE metric (at timestamptz NOT NULL, v double precision) PARTITION BY RANGE (at);
CREATE TABLE metric_a PARTITION OF metric FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE metric_rest PARTITION OF metric DEFAULT;
ALTER TABLE metric_rest ADD CONSTRAINT not_feb CHECK (NOT (at >= '2026-02-01' AND at < '2026-03-01') AND at IS NOT NULL);
-- migration
SET lock_timeout = '2s';
CREATE TABLE metric_b PARTITION OF metric FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
