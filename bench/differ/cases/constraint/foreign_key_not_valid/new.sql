CREATE TABLE trip (id integer PRIMARY KEY);
CREATE TABLE booking (trip_id integer);
ALTER TABLE booking ADD CONSTRAINT booking_trip_id_fkey FOREIGN KEY (trip_id) REFERENCES trip NOT VALID;
