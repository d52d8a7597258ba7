CREATE TABLE trip (id integer);
GRANT SELECT, DELETE ON trip TO differ_writer;
