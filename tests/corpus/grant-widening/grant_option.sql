-- expects: grant-widening
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
GRANT SELECT ON ALL TABLES IN SCHEMA public TO pg_monitor WITH GRANT OPTION;
