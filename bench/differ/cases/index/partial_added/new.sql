CREATE TABLE trip (title text, cancelled boolean);
CREATE INDEX trip_title_idx ON trip (title) WHERE NOT cancelled;
