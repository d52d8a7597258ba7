-- expects: grant-widening
-- timeouts: file
-- given
CREATE ROLE svc;
-- migration
ALTER ROLE svc BYPASSRLS;
