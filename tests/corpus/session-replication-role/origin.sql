-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
SET session_replication_role = origin;
INSERT INTO users VALUES (1000);
