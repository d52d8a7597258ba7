-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
SELECT count(*) FROM pg_stat_activity WHERE application_name = 'nobody at all';
