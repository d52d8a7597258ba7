-- expects: owner-change
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
REASSIGN OWNED BY pg_monitor TO CURRENT_USER;
