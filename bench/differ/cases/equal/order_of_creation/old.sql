CREATE TABLE trip (id integer PRIMARY KEY, title text);
CREATE TABLE booking (id integer PRIMARY KEY, trip_id integer REFERENCES trip);
CREATE INDEX booking_trip_idx ON booking (trip_id);
CREATE INDEX booking_id_idx ON booking (id, trip_id);
