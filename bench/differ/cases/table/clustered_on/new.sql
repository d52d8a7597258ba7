CREATE TABLE trip (id integer, starts date);
CREATE INDEX trip_starts_idx ON trip (starts);
ALTER TABLE trip CLUSTER ON trip_starts_idx;
