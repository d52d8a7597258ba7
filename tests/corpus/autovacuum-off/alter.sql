-- expects: autovacuum-off
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
ALTER TABLE users SET (autovacuum_enabled = false);
