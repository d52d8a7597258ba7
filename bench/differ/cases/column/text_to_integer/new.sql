CREATE TABLE trip (seats integer DEFAULT 4);
