CREATE TABLE trip (id serial PRIMARY KEY);
CREATE TABLE booking (trip_id integer REFERENCES trip);
