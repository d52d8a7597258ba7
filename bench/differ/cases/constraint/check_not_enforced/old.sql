CREATE TABLE trip (seats integer);
