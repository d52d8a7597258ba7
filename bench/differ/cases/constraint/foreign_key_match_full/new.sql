CREATE TABLE trip (id integer PRIMARY KEY);
CREATE TABLE booking (trip_id integer REFERENCES trip MATCH FULL);
