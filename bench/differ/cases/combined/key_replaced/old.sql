CREATE TABLE trip (id integer PRIMARY KEY);
CREATE TABLE booking (trip_id integer REFERENCES trip);
CREATE VIEW trip_booking AS SELECT t.id FROM trip t JOIN booking b ON b.trip_id = t.id;
