CREATE TABLE shift (id integer);
