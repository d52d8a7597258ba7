-- expects: revoke
-- given
CREATE TABLE users (id int PRIMARY KEY);
GRANT SELECT ON users TO pg_monitor;
-- migration
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM pg_monitor;
