CREATE TABLE trip (a integer, b integer);
CREATE INDEX trip_a_idx ON trip (a);
CREATE INDEX trip_b_idx ON trip (b);
