-- expects: lossy-type-change
-- given
CREATE TABLE counters (id int PRIMARY KEY, n bigint);
INSERT INTO counters VALUES (1, 1);
-- migration
ALTER TABLE counters ALTER COLUMN n TYPE int;
