CREATE SCHEMA booking;
CREATE TABLE trip (id integer);
