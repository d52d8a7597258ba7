-- expects: partition-recursion, drop-column
-- given
CREATE TABLE events (id bigint, at date, note text) PARTITION BY RANGE (at);
-- migration
ALTER TABLE events DROP COLUMN note;
