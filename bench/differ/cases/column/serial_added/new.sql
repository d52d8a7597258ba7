CREATE TABLE trip (title text, id serial);
