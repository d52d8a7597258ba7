GRANT CREATE ON SCHEMA public TO differ_writer;
CREATE TABLE trip (id integer);
CREATE MATERIALIZED VIEW trip_copy AS SELECT id FROM trip;
