GRANT CREATE ON SCHEMA public TO differ_writer;
CREATE TABLE trip (id integer);
