-- safe
-- given
CREATE SCHEMA app;
-- migration
GRANT CREATE ON SCHEMA app TO pg_monitor;
REVOKE CREATE ON SCHEMA app FROM pg_monitor;
