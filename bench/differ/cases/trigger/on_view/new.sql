CREATE TABLE trip (id integer, title text);
CREATE VIEW trip_names AS SELECT title FROM trip;
CREATE FUNCTION put() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER trip_names_insert INSTEAD OF INSERT ON trip_names FOR EACH ROW EXECUTE FUNCTION put();
