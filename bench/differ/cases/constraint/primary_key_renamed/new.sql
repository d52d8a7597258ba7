CREATE TABLE trip (id integer CONSTRAINT pk_trip PRIMARY KEY);
