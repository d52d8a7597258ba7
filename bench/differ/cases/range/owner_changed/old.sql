GRANT CREATE ON SCHEMA public TO differ_writer;
CREATE TYPE span AS RANGE (subtype = integer);
