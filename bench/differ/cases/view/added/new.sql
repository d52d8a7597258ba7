CREATE TABLE trip (id integer, title text, state text);
CREATE VIEW open_trip AS SELECT id, title FROM trip WHERE state = 'open';
