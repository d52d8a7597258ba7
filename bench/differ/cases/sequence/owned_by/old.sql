CREATE TABLE ticket (number bigint);
CREATE SEQUENCE ticket_number;
