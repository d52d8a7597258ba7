CREATE TABLE trip (id integer);
CREATE VIEW trip_view AS SELECT id FROM trip;
CREATE VIEW trip_ids AS SELECT id FROM trip_view;
