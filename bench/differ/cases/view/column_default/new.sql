CREATE TABLE trip (id integer, state text);
CREATE VIEW open_trip AS SELECT id, state FROM trip;
ALTER VIEW open_trip ALTER COLUMN state SET DEFAULT 'open';
