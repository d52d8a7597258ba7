GRANT CREATE ON SCHEMA public TO differ_writer;
CREATE TYPE state AS ENUM ('new');
ALTER TYPE state OWNER TO differ_writer;
