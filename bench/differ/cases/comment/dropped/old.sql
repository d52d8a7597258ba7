CREATE TABLE trip (id integer);
COMMENT ON COLUMN trip.id IS 'Number';
