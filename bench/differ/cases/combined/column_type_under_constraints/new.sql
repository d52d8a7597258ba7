CREATE TABLE trip (
    seats bigint NOT NULL DEFAULT 1, more integer GENERATED ALWAYS AS (seats + 1) STORED,
    CONSTRAINT enough CHECK (seats > 0), CONSTRAINT single UNIQUE (seats)
);
CREATE POLICY small ON trip USING (seats < 10);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER trip_touch BEFORE UPDATE OF seats ON trip FOR EACH ROW WHEN (NEW.seats > 3) EXECUTE FUNCTION touch();
CREATE STATISTICS trip_stats ON (seats + 1) FROM trip;
CREATE PUBLICATION trips FOR TABLE trip WHERE (seats > 5) WITH (publish = 'insert');
