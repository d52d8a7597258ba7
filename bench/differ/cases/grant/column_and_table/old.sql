CREATE TABLE trip (id integer, title text);
GRANT SELECT ON trip TO differ_reader;
