-- safe
-- timeouts: file
-- given
CREATE ROLE "writers";
CREATE TABLE memo (id bigint PRIMARY KEY, owner_id int NOT NULL, t text);
CREATE INDEX memo_owner ON memo (owner_id);
ALTER TABLE memo ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON memo FOR SELECT USING (owner_id = current_setting('app.uid')::int);
-- migration
SET lock_timeout = '2s';
CREATE POLICY memo_write ON memo FOR INSERT TO writers WITH CHECK (owner_id = current_setting('app.uid')::int);
