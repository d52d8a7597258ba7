CREATE TABLE trip (id integer, title text);
CREATE VIEW b_view AS SELECT id FROM trip;
CREATE VIEW a_view AS SELECT id FROM b_view;
