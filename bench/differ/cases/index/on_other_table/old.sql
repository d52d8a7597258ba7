CREATE TABLE trip (title text);
CREATE TABLE tour (title text);
CREATE INDEX by_title ON trip (title);
