-- expects: lossy-type-change
-- timeouts: file
-- given
CREATE TABLE tbl (id int PRIMARY KEY, payload varchar(100), flag smallint, amount bigint);
-- migration
SET lock_timeout = '2s';
ALTER TABLE tbl ALTER COLUMN amount TYPE integer;
