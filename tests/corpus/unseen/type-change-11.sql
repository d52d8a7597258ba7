-- expects: type-change
-- timeouts: file
-- given
CREATE TABLE tbl (id int PRIMARY KEY, ref uuid NOT NULL);
-- migration
SET lock_timeout = '2s';
ALTER TABLE tbl ALTER COLUMN ref TYPE text;
