-- expects: domain-constraint-scan
-- timeouts: file
-- given
CREATE SCHEMA t; CREATE DOMAIN t.pct AS int CHECK (VALUE >= -1000); CREATE TABLE t.rate (id int PRIMARY KEY, p t.pct DEFAULT 3);
-- migration
SET lock_timeout = '2s';
ALTER DOMAIN t.pct SET NOT NULL;
