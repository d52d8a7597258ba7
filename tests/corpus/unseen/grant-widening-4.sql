-- expects: grant-widening
-- timeouts: file
-- given
CREATE ROLE app_rw;
-- migration
CREATE ROLE deployer LOGIN SUPERUSER;
