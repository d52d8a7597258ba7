-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, tenant int);
-- migration
CREATE POLICY own ON users USING (tenant = nullif(current_setting('app.tenant', true), '')::int);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
