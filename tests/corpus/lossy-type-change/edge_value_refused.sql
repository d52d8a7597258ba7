-- expects: lossy-type-change
-- given
CREATE TABLE counters (id int PRIMARY KEY, n bigint);
-- migration
ALTER TABLE counters ALTER COLUMN n TYPE smallint;
