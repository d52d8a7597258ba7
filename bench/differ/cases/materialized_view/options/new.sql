CREATE TABLE trip (id integer);
CREATE MATERIALIZED VIEW trip_copy WITH (fillfactor = 80) TABLESPACE differ_space AS SELECT id FROM trip;
