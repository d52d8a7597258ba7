CREATE TABLE trip (id integer PRIMARY KEY);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE event (
    day date, id bigint, trip_id integer REFERENCES trip, PRIMARY KEY (day, id),
    CONSTRAINT trip_there CHECK (trip_id IS NOT NULL)
) PARTITION BY RANGE (day);
CREATE INDEX event_trip_idx ON event (trip_id);
CREATE TRIGGER event_touch AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION touch();
GRANT SELECT ON event TO differ_reader;
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE event_rest PARTITION OF event DEFAULT;
