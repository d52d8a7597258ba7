CREATE TABLE trip (title text);
