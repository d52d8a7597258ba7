ALTER TABLE booking_flights_archive DROP CONSTRAINT ck_booking_flights_times;

ALTER TABLE booking_flights_archive
ADD CONSTRAINT ck_booking_flights_times CHECK (arrival_datetime > departure_datetime) NOT VALID;

ALTER TABLE booking_flights DROP CONSTRAINT ck_booking_flights_times;

ALTER TABLE booking_flights
ADD CONSTRAINT ck_booking_flights_times CHECK (arrival_datetime > departure_datetime) NOT VALID;
