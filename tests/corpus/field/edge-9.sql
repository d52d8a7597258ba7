-- expects: grant-widening
-- given
CREATE ROLE app_user_four;
-- migration
ALTER ROLE app_user_four BYPASSRLS;
