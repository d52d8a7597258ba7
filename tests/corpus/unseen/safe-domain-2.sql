-- safe
-- timeouts: file
-- given
CREATE DOMAIN pct AS int; CREATE TABLE rate (id int PRIMARY KEY, p pct);
-- migration
SET lock_timeout = '2s';
ALTER DOMAIN pct ADD CONSTRAINT pct_range CHECK (VALUE BETWEEN 0 AND 100) NOT VALID;
