-- expects: type-change
-- timeouts: file
-- given
CREATE TABLE tbl (id int PRIMARY KEY, payload text, flag smallint, amount real);
-- migration
SET lock_timeout = '2s';
ALTER TABLE tbl ALTER COLUMN flag TYPE boolean USING flag <> 0;
