CREATE TABLE open_trip (id integer);
