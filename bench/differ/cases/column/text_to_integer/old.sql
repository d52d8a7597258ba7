CREATE TABLE trip (seats text DEFAULT '4');
