CREATE TABLE trip (id integer) TABLESPACE differ_space;
