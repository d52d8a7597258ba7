CREATE TABLE trip (id integer, title text);
CREATE VIEW open_trip AS SELECT id, title FROM trip;
