-- expects: server-setting
-- timeouts: file
-- given
CREATE ROLE app_rw;
-- migration
ALTER ROLE app_rw SET statement_timeout = 0;
