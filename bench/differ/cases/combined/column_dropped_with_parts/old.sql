CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE trip (id integer PRIMARY KEY, code text, title text, CONSTRAINT trip_key UNIQUE (code, title));
CREATE INDEX trip_idx ON trip (title, code);
CREATE STATISTICS trip_stats (ndistinct) ON id, code, title FROM trip;
CREATE TRIGGER trip_touch BEFORE UPDATE OF code, title ON trip FOR EACH ROW WHEN (NEW.code <> 'x') EXECUTE FUNCTION touch();
CREATE POLICY some_rows ON trip USING (code <> 'x');
CREATE PUBLICATION trips FOR TABLE trip (id, code) WITH (publish = 'insert');
