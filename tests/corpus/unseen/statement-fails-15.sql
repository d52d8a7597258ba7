-- expects: statement-fails
-- timeouts: file
-- given
CREATE TYPE addr AS (street text, zip int); CREATE TABLE house (id int PRIMARY KEY, a addr);
-- migration
SET lock_timeout = '2s';
ALTER TYPE addr ALTER ATTRIBUTE zip SET DATA TYPE text CASCADE;
