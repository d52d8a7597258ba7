CREATE TABLE trip (id integer, state text);
