-- safe
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
ALTER TABLE users SET (autovacuum_vacuum_scale_factor = 0.01);
