-- expects: terminate-sessions
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'nobody at all';
