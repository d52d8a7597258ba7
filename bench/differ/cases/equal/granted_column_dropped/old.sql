CREATE TABLE trip (id integer);
