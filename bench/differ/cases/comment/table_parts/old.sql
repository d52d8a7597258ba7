CREATE TABLE trip (id integer, code text CHECK (code <> ''));
CREATE INDEX trip_code_idx ON trip (code);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER trip_touch BEFORE UPDATE ON trip FOR EACH ROW EXECUTE FUNCTION touch();
CREATE RULE no_delete AS ON DELETE TO trip DO INSTEAD NOTHING;
CREATE POLICY own_rows ON trip USING (true);
CREATE STATISTICS trip_stats ON id, code FROM trip;
