CREATE TABLE trip (title text NOT NULL);
