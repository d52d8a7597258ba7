CREATE TABLE trip (id integer);
GRANT SELECT, INSERT, UPDATE ON trip TO differ_writer;
GRANT SELECT ON trip TO differ_reader;
