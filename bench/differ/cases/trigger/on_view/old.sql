CREATE TABLE trip (id integer, title text);
CREATE VIEW trip_names AS SELECT title FROM trip;
CREATE FUNCTION put() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
