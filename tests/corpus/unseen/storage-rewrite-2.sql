-- expects: storage-rewrite
-- timeouts: file
-- given
CREATE UNLOGGED TABLE queue (id bigint PRIMARY KEY, body text);
-- migration
SET lock_timeout = '2s';
ALTER TABLE queue SET LOGGED;
