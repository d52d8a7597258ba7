CREATE TABLE trip (id integer PRIMARY KEY);
COMMENT ON INDEX trip_pkey IS 'Found by number';
