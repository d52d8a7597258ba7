-- safe
-- timeouts: file
-- given
CREATE TABLE audit_log (id bigint NOT NULL, what text, at timestamptz);
-- migration
SET lock_timeout = '2s';
CREATE UNIQUE INDEX CONCURRENTLY audit_log_id ON audit_log (id);
ALTER TABLE audit_log ADD CONSTRAINT audit_log_pkey PRIMARY KEY USING INDEX audit_log_id;
