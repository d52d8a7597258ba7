CREATE TABLE trip (id integer);
CREATE VIEW trip_copy AS SELECT id FROM trip;
GRANT SELECT ON trip_copy TO differ_reader;
