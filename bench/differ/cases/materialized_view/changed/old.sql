CREATE TABLE trip (id integer, state text);
CREATE MATERIALIZED VIEW trip_count AS SELECT state, count(*) AS trips FROM trip GROUP BY state;
CREATE UNIQUE INDEX trip_count_state_idx ON trip_count (state);
GRANT SELECT ON trip_count TO differ_reader;
COMMENT ON MATERIALIZED VIEW trip_count IS 'Trips by state';
