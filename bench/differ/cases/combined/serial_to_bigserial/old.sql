CREATE TABLE trip (id serial PRIMARY KEY);
GRANT USAGE ON SEQUENCE trip_id_seq TO differ_writer;
