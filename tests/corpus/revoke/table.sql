-- expects: revoke
-- given
CREATE TABLE users (id int PRIMARY KEY);
GRANT SELECT, UPDATE ON users TO pg_monitor;
-- migration
REVOKE UPDATE ON users FROM pg_monitor;
