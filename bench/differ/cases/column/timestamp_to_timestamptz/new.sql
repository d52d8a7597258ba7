CREATE TABLE trip (starts timestamptz);
