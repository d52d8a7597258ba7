CREATE TABLE trip (id integer PRIMARY KEY, title text);
CREATE INDEX ON trip (title);
