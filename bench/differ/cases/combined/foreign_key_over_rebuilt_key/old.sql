CREATE TABLE trip (id integer, title text, CONSTRAINT trip_pkey PRIMARY KEY (id));
CREATE TABLE booking (trip_id integer REFERENCES trip);
COMMENT ON CONSTRAINT booking_trip_id_fkey ON booking IS 'To the trip';
