CREATE TABLE trip (title text);
CREATE INDEX trip_by_title ON trip (title);
