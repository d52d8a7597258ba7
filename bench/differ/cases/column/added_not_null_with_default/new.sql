CREATE TABLE trip (id integer, seats integer NOT NULL DEFAULT 4);
