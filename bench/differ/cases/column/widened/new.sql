CREATE TABLE trip (seats bigint);
