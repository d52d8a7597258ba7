CREATE TABLE trip (id integer);
CREATE TABLE thing (id integer);
CREATE SEQUENCE other;
CREATE TYPE third AS ENUM ('a');
CREATE INDEX fourth ON trip (id);
