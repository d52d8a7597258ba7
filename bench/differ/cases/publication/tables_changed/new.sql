CREATE TABLE trip (id integer PRIMARY KEY, title text);
CREATE TABLE booking (id integer PRIMARY KEY);
CREATE PUBLICATION trips FOR TABLE trip (id, title) WHERE (id > 10), TABLE booking;
