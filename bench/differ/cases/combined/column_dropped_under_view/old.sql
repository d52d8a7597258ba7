CREATE TABLE trip (id integer, title text);
CREATE VIEW trip_view AS SELECT id, title FROM trip;
CREATE VIEW trip_ids AS SELECT id FROM trip_view;
