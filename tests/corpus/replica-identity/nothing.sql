-- expects: replica-identity
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
ALTER TABLE users REPLICA IDENTITY NOTHING;
