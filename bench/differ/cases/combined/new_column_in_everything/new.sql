CREATE TABLE trip (id integer PRIMARY KEY);
CREATE TABLE booking (id integer, trip_id integer NOT NULL REFERENCES trip);
CREATE INDEX booking_trip_id_idx ON booking (trip_id);
CREATE VIEW booking_view AS SELECT id, trip_id FROM booking;
GRANT SELECT (trip_id) ON booking TO differ_reader;
COMMENT ON COLUMN booking.trip_id IS 'The trip';
