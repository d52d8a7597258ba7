CREATE TABLE trip (id integer, title text);
GRANT UPDATE (title) ON trip TO differ_writer;
