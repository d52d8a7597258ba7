-- expects: exclusion-constraint
-- timeouts: file
-- given
CREATE TABLE lease (id int PRIMARY KEY, p int4range NOT NULL);
-- migration
BEGIN;
SET LOCAL lock_timeout = '1s';
ALTER TABLE lease ADD CONSTRAINT lease_once EXCLUDE (id WITH =);
COMMIT;
