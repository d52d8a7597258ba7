-- expects: owner-change
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
ALTER TABLE users OWNER TO pg_monitor;
