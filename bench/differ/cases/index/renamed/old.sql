CREATE TABLE trip (title text);
CREATE INDEX trip_title_idx ON trip (title);
