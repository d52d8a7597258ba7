ALTER TABLE bookings
DROP CONSTRAINT ck_bookings_longitude,
DROP CONSTRAINT ck_bookings_latitude;

ALTER TABLE bookings
ADD CONSTRAINT ck_bookings_latitude
CHECK (departure_latitude BETWEEN -90 AND 90 AND arrival_latitude BETWEEN -90 AND 90) NOT VALID,
ADD CONSTRAINT ck_bookings_longitude
CHECK (departure_longitude BETWEEN -180 AND 180 AND arrival_longitude BETWEEN -180 AND 180) NOT VALID;
