-- safe
-- given
CREATE ROLE app_reader;
-- migration
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app_reader;
