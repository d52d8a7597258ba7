CREATE TABLE trip (title text);
CREATE UNIQUE INDEX trip_title_idx ON trip (title) NULLS NOT DISTINCT;
