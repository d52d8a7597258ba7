-- expects: primary-key-scan
-- timeouts: file
-- given
CREATE TABLE audit_log (id bigint NOT NULL, what text, at timestamptz);
-- migration
SET lock_timeout = '2s';
ALTER TABLE audit_log ADD PRIMARY KEY (id);
