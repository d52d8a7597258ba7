-- expects: replica-identity
-- timeouts: file
-- given
CREATE TABLE m (id int PRIMARY KEY, v text); CREATE PUBLICATION p FOR TABLE m;
-- migration
SET lock_timeout = '2s';
ALTER TABLE m DROP CONSTRAINT m_pkey;
