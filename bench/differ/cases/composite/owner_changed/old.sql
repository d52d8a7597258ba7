GRANT CREATE ON SCHEMA public TO differ_writer;
CREATE TYPE address AS (street text);
