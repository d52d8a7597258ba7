CREATE TABLE trip (code varchar(20));
