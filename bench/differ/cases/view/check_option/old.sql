CREATE TABLE trip (id integer);
CREATE VIEW open_trip AS SELECT id FROM trip WHERE id > 0;
