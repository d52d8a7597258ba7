CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE other (id integer PRIMARY KEY);
CREATE TABLE booking (trip_id integer);
CREATE PUBLICATION trips FOR TABLE other;
