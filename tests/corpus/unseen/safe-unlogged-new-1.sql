-- safe
-- timeouts: file
-- given
-- migration
CREATE UNLOGGED TABLE job_cache (key text PRIMARY KEY, value jsonb NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX job_cache_expires ON job_cache (expires);
