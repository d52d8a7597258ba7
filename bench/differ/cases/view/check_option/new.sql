CREATE TABLE trip (id integer);
CREATE VIEW open_trip WITH (security_barrier = true) AS SELECT id FROM trip WHERE id > 0 WITH CASCADED CHECK OPTION;
