-- expects: drop-schema-or-database
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
DROP OWNED BY pg_monitor;
