CREATE TABLE trip (id integer, title text);
CREATE INDEX trip_title_idx ON trip (title, id);
