CREATE TABLE trip (tag text[]);
