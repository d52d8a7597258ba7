-- expects: row-security-change
-- given
CREATE TABLE users (id int PRIMARY KEY, tenant int);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users USING (tenant = 1);
-- migration
ALTER TABLE users DISABLE ROW LEVEL SECURITY;
