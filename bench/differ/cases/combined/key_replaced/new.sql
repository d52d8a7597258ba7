CREATE TABLE trip (code text PRIMARY KEY);
CREATE TABLE booking (trip_code text REFERENCES trip);
CREATE VIEW trip_booking AS SELECT t.code FROM trip t JOIN booking b ON b.trip_code = t.code;
