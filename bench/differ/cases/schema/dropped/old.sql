CREATE SCHEMA booking;
CREATE TABLE booking.trip (id integer);
