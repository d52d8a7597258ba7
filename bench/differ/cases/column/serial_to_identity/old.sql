CREATE TABLE trip (id serial);
