CREATE TABLE trip (state varchar(10));
