CREATE TABLE trip (id integer);
GRANT SELECT ON trip TO differ_reader, differ_writer;
GRANT ALL ON trip TO differ_writer;
REVOKE ALL ON trip FROM differ_writer;
GRANT UPDATE, SELECT ON trip TO differ_writer;
GRANT INSERT ON trip TO differ_writer;
