CREATE TABLE trip (id integer PRIMARY KEY);
CREATE TABLE booking (id integer);
CREATE VIEW booking_view AS SELECT id FROM booking;
