-- expects: terminate-sessions
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
DO $$ BEGIN PERFORM pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'nobody at all'; END $$;
