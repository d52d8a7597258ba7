-- expects: server-setting
-- given
CREATE ROLE app_user_three;
-- migration
ALTER ROLE app_user_three SET statement_timeout = '1s';
