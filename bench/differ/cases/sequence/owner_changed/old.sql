GRANT CREATE ON SCHEMA public TO differ_writer;
CREATE SEQUENCE ticket_number;
