CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE trip (id integer PRIMARY KEY, title text, CONSTRAINT trip_key UNIQUE (title));
CREATE INDEX trip_idx ON trip (title);
CREATE STATISTICS trip_stats (ndistinct) ON id, title FROM trip;
CREATE TRIGGER trip_touch BEFORE UPDATE OF title ON trip FOR EACH ROW WHEN (NEW.title <> 'x') EXECUTE FUNCTION touch();
CREATE POLICY some_rows ON trip USING (title <> 'x');
CREATE PUBLICATION trips FOR TABLE trip (id) WITH (publish = 'insert');
