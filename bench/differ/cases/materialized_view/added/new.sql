CREATE TABLE trip (id integer, state text);
CREATE MATERIALIZED VIEW trip_count AS SELECT state, count(*) AS trips FROM trip GROUP BY state;
CREATE UNIQUE INDEX trip_count_state_idx ON trip_count (state);
