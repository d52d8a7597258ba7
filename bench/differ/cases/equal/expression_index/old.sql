CREATE TABLE trip (a text, b text);
CREATE INDEX trip_key_idx ON trip ((b || '-' || a));
