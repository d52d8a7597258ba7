CREATE ACCESS METHOD heap_two TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE trip (id integer);
CREATE MATERIALIZED VIEW trip_copy USING heap_two AS SELECT id FROM trip;
