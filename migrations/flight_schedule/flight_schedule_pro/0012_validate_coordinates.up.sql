ALTER TABLE bookings VALIDATE CONSTRAINT ck_bookings_latitude;

ALTER TABLE bookings VALIDATE CONSTRAINT ck_bookings_longitude;
