CREATE TABLE trip (id integer, state text);
CREATE INDEX trip_id_idx ON trip (id) WHERE state = 'X';
