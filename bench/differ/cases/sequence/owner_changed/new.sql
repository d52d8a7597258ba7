GRANT CREATE ON SCHEMA public TO differ_writer;
CREATE SEQUENCE ticket_number;
ALTER SEQUENCE ticket_number OWNER TO differ_writer;
