CREATE TABLE booking (trip_id integer, id integer PRIMARY KEY);
CREATE INDEX booking_id_idx ON booking (id, trip_id);
CREATE INDEX booking_trip_idx ON booking (trip_id);
CREATE TABLE trip (title text, id integer PRIMARY KEY);
ALTER TABLE booking ADD FOREIGN KEY (trip_id) REFERENCES trip;
