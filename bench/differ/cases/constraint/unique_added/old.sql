CREATE TABLE trip (code text);
