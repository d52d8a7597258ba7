CREATE TABLE ticket (number bigint);
CREATE SEQUENCE ticket_number;
ALTER SEQUENCE ticket_number OWNED BY ticket.number;
