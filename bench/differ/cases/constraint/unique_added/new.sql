CREATE TABLE trip (code text UNIQUE);
