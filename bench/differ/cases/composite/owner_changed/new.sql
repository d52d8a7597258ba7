GRANT CREATE ON SCHEMA public TO differ_writer;
CREATE TYPE address AS (street text);
ALTER TYPE address OWNER TO differ_writer;
