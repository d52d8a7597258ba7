CREATE TABLE trip (id integer NOT NULL);
