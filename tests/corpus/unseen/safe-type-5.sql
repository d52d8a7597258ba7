-- safe
-- timeouts: file
-- given
CREATE TABLE ping (id bigint PRIMARY KEY, at timestamp, took interval(3), net cidr);
-- migration
SET lock_timeout = '2s';
SET TimeZone = 'UTC';
ALTER TABLE ping ALTER COLUMN at TYPE timestamptz;
