-- expects: domain-constraint-scan
-- timeouts: file
-- given
CREATE DOMAIN email_address AS text; CREATE TABLE person (id int PRIMARY KEY, email email_address);
-- migration
SET lock_timeout = '2s';
ALTER DOMAIN email_address ADD CONSTRAINT has_at CHECK (VALUE IS NULL OR VALUE <> 'nobody');
