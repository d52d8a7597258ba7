CREATE SEQUENCE ticket_number AS integer;
