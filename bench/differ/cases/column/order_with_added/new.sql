CREATE TABLE trip (id integer, code text, title text);
