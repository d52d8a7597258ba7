CREATE SCHEMA booking;
CREATE TYPE booking.state AS ENUM ('new', 'paid');
CREATE TABLE booking.trip (state booking.state);
CREATE FUNCTION booking.paid() RETURNS booking.state LANGUAGE sql AS 'SELECT ''paid''::booking.state';
