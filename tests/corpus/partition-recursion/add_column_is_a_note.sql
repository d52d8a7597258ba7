-- safe
-- given
CREATE TABLE events (id bigint, at date) PARTITION BY LIST (id);
CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1);
CREATE TABLE events_2 PARTITION OF events DEFAULT;
-- migration
ALTER TABLE events ADD COLUMN note text;
