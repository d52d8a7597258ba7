CREATE TABLE trip (id integer, state text);
CREATE VIEW open_trip AS SELECT id FROM trip WHERE state = 'open';
