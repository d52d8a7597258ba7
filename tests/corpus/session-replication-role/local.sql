-- expects: session-replication-role
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
SET LOCAL session_replication_role TO 'local';
INSERT INTO users VALUES (1000);
