CREATE TABLE trip (id integer);
CREATE MATERIALIZED VIEW trip_copy AS SELECT id FROM trip;
CREATE INDEX trip_copy_idx ON trip_copy (id);
GRANT SELECT ON trip_copy TO differ_reader;
