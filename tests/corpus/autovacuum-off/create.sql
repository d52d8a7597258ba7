-- expects: autovacuum-off
-- given
CREATE TABLE other (id int PRIMARY KEY);
-- migration
CREATE TABLE users (id int PRIMARY KEY) WITH (autovacuum_enabled = off);
