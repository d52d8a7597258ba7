CREATE TABLE trip (id bigint PRIMARY KEY);
CREATE TABLE booking (trip_id bigint REFERENCES trip);
