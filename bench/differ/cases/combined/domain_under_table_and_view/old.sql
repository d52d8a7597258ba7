CREATE DOMAIN code AS text;
CREATE TABLE trip (code code PRIMARY KEY);
CREATE VIEW trip_code AS SELECT code FROM trip;
