CREATE TABLE trip (code varchar(50));
