CREATE TABLE trip (id integer CONSTRAINT id_there NOT NULL);
