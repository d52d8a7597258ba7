CREATE TABLE trip (starts timestamp);
