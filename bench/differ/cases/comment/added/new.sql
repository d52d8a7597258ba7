CREATE SCHEMA booking;
CREATE TABLE trip (id integer);
COMMENT ON TABLE trip IS 'It''s a trip: 100 % \n';
COMMENT ON COLUMN trip.id IS 'Number';
COMMENT ON SCHEMA booking IS 'Bookings';
