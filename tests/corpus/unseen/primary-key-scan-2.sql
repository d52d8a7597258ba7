-- expects: primary-key-scan
-- timeouts: file
-- given
CREATE TABLE audit_log (id bigint UNIQUE, what text, at timestamptz);
CREATE UNIQUE INDEX audit_log_id_uq ON audit_log (id);
-- migration
SET lock_timeout = '2s';
ALTER TABLE audit_log ADD CONSTRAINT audit_log_pkey PRIMARY KEY USING INDEX audit_log_id_uq;
