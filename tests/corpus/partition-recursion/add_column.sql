-- expects: partition-recursion
-- given
CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);
-- migration
ALTER TABLE events ADD COLUMN note text;
