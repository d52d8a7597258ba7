-- NOT VALID: the tables are locked for an instant only; the next revision looks at the rows there are.
ALTER TABLE booking_flights
ADD CONSTRAINT ck_booking_flights_times CHECK (arrival_datetime > departure_datetime) NOT VALID;

-- airside: allow several-strong-locks because both are for an instant, and the archiver takes them in the same order
ALTER TABLE booking_flights_archive
ADD CONSTRAINT ck_booking_flights_times CHECK (arrival_datetime > departure_datetime) NOT VALID;
