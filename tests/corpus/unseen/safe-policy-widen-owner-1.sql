-- safe
-- timeouts: file
-- given
CREATE TABLE tenant_doc (id bigint PRIMARY KEY, tenant_id int NOT NULL, title text NOT NULL, body text);
CREATE INDEX tenant_doc_tenant ON tenant_doc (tenant_id);
ALTER TABLE tenant_doc ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_doc FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON tenant_doc USING (tenant_id = current_setting('app.tenant')::int);
CREATE ROLE support;
-- migration
SET lock_timeout = '2s';
GRANT SELECT ON tenant_doc TO support;
