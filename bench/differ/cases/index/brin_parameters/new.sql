CREATE TABLE event (day date);
CREATE INDEX event_day_idx ON event USING brin (day) WITH (pages_per_range = 64, autosummarize = true);
