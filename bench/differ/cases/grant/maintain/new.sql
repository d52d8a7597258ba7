CREATE TABLE trip (id integer);
GRANT MAINTAIN ON trip TO differ_writer;
