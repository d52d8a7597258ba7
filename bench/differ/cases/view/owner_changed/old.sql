GRANT CREATE ON SCHEMA public TO differ_writer;
CREATE TABLE trip (id integer);
CREATE VIEW open_trip AS SELECT id FROM trip;
