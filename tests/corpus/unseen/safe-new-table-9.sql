-- safe
-- timeouts: file
-- given
CREATE TABLE tenant_doc (id bigint PRIMARY KEY, tenant_id int NOT NULL, title text NOT NULL, body text);
CREATE INDEX tenant_doc_tenant ON tenant_doc (tenant_id);
ALTER TABLE tenant_doc ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_doc FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON tenant_doc USING (tenant_id = current_setting('app.tenant')::int);
CREATE ROLE web_app;
-- migration
CREATE TABLE tenant_task (id bigint PRIMARY KEY, tenant_id int NOT NULL, done boolean NOT NULL DEFAULT false);
CREATE INDEX ON tenant_task (tenant_id, done);
ALTER TABLE tenant_task ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON tenant_task TO web_app USING (tenant_id = (SELECT current_setting('app.tenant', true)::int));
GRANT SELECT, INSERT, UPDATE, DELETE ON tenant_task TO web_app;
