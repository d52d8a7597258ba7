-- expects: grant-widening
-- given
CREATE SCHEMA app;
-- migration
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT ALL ON TABLES TO PUBLIC;
