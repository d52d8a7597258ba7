CREATE TABLE trip (id serial PRIMARY KEY);
