CREATE TABLE trip (id integer, title text);
GRANT SELECT (id) ON trip TO differ_reader;
