CREATE TABLE trip (id integer, title text);
CREATE VIEW a_view AS SELECT id FROM trip;
CREATE VIEW b_view AS SELECT id FROM a_view;
