-- expects: grant-widening
-- timeouts: file
-- given
CREATE ROLE app_rw;
-- migration
GRANT pg_write_all_data TO app_rw;
