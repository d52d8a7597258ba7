ALTER TABLE bookings
DROP CONSTRAINT ck_bookings_longitude,
DROP CONSTRAINT ck_bookings_latitude;
