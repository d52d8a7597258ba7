CREATE TABLE trip (id integer, title text);
