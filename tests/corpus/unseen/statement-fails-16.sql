-- expects: statement-fails
-- timeouts: file
-- given
CREATE TABLE tbl (id int PRIMARY KEY, ref varchar(20) NOT NULL); CREATE INDEX tbl_ref ON tbl (ref varchar_pattern_ops);
-- migration
SET lock_timeout = '2s';
ALTER TABLE tbl ALTER COLUMN ref TYPE char(30);
