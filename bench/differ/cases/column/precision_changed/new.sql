CREATE TABLE trip (price numeric(12, 4));
