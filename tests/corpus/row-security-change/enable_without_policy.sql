-- expects: row-security-change
-- given
CREATE TABLE users (id int PRIMARY KEY, tenant int);
-- migration
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
