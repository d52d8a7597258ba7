CREATE TABLE trip (id integer);
CREATE TYPE thing AS ENUM ('a');
CREATE VIEW other AS SELECT id FROM trip;
CREATE TABLE third (id integer);
CREATE SEQUENCE fourth;
