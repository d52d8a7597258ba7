-- expects: session-replication-role
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
SET session_replication_role = replica;
INSERT INTO users VALUES (1000);
SET session_replication_role = DEFAULT;
