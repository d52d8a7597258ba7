CREATE TABLE trip (id integer, title text, seats integer);
CREATE VIEW trip_view WITH (security_barrier = true) AS SELECT id, title FROM trip;
CREATE FUNCTION put() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER trip_view_put INSTEAD OF INSERT ON trip_view FOR EACH ROW EXECUTE FUNCTION put();
CREATE RULE no_delete AS ON DELETE TO trip_view DO INSTEAD NOTHING;
ALTER VIEW trip_view ALTER COLUMN title SET DEFAULT 'none';
GRANT SELECT (title) ON trip_view TO differ_reader;
COMMENT ON COLUMN trip_view.title IS 'Name';
CREATE FUNCTION title_of(v trip_view) RETURNS text LANGUAGE sql AS 'SELECT v.title';
