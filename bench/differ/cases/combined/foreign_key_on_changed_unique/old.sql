CREATE TABLE trip (id integer, code text, CONSTRAINT trip_code_key UNIQUE (id));
CREATE TABLE booking (trip_id integer, code text, CONSTRAINT booking_trip FOREIGN KEY (trip_id) REFERENCES trip (id));
