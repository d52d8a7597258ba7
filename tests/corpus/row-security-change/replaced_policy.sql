-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY, tenant int);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users USING (tenant = 1);
-- migration
DROP POLICY own ON users;
CREATE POLICY own ON users USING (tenant = nullif(current_setting('app.tenant', true), '')::int);
