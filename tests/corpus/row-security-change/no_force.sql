-- expects: row-security-change
-- given
CREATE TABLE users (id int PRIMARY KEY, tenant int);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON users USING (tenant = 1);
-- migration
ALTER TABLE users NO FORCE ROW LEVEL SECURITY;
