CREATE SEQUENCE ticket_number;
GRANT USAGE, SELECT ON SEQUENCE ticket_number TO differ_writer;
