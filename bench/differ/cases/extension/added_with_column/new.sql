CREATE EXTENSION citext;
CREATE TABLE person (id integer, email citext);
