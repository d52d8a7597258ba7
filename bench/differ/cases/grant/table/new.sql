CREATE TABLE trip (id integer);
GRANT SELECT ON trip TO differ_reader;
GRANT SELECT, INSERT, UPDATE ON trip TO differ_writer;
