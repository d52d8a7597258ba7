CREATE TABLE trip (id integer);
GRANT SELECT ON trip TO differ_writer WITH GRANT OPTION;
