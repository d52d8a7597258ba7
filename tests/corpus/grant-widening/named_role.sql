-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
GRANT SELECT, INSERT ON users TO pg_monitor;
REVOKE ALL ON users FROM PUBLIC;
