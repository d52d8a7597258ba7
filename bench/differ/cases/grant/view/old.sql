CREATE TABLE trip (id integer);
CREATE VIEW trip_id AS SELECT id FROM trip;
CREATE MATERIALIZED VIEW trip_copy AS SELECT id FROM trip;
