-- safe
-- given
CREATE TABLE plans (id int PRIMARY KEY, name text);
-- migration
-- airside: transaction = off
INSERT INTO plans (id, name) VALUES (100, 'pro') ON CONFLICT DO NOTHING;
CREATE INDEX CONCURRENTLY IF NOT EXISTS plans_name ON plans (name);
