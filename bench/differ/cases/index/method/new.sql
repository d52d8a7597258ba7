CREATE TABLE event (day date);
CREATE INDEX event_day_idx ON event USING brin (day);
