GRANT CREATE ON SCHEMA public TO differ_writer;
CREATE TABLE trip (id integer);
ALTER TABLE trip OWNER TO differ_writer;
