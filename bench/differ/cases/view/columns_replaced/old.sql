CREATE TABLE trip (id integer, title text);
CREATE VIEW open_trip AS SELECT id, title FROM trip;
CREATE VIEW trip_id AS SELECT id FROM open_trip;
GRANT SELECT ON open_trip, trip_id TO differ_reader;
