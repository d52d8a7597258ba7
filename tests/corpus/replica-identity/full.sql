-- expects: replica-identity
-- given
CREATE TABLE users (id int PRIMARY KEY, name text);
-- migration
ALTER TABLE users REPLICA IDENTITY FULL;
