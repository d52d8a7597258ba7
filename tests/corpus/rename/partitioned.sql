-- expects: rename
-- given
CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);
-- migration
ALTER TABLE events RENAME COLUMN at TO happened_at;
