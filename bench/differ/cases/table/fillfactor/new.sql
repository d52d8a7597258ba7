CREATE TABLE trip (id integer) WITH (fillfactor = 70);
