-- expects: exclusion-constraint
-- timeouts: file
-- given
CREATE TABLE slot (id int PRIMARY KEY, r int4range);
-- migration
SET lock_timeout = '2s';
ALTER TABLE slot ADD COLUMN note text, ADD CONSTRAINT slot_r EXCLUDE USING spgist (r WITH &&);
