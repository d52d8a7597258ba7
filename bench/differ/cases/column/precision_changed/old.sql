CREATE TABLE trip (price numeric(10, 2));
