-- expects: type-change
-- given
CREATE TABLE counters (id int PRIMARY KEY, n int);
-- migration
ALTER TABLE counters ALTER COLUMN n TYPE bigint;
