CREATE TABLE trip (id integer, title text CHECK (title <> ''));
CREATE INDEX ON trip (title);
