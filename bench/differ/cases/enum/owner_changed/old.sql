GRANT CREATE ON SCHEMA public TO differ_writer;
CREATE TYPE state AS ENUM ('new');
