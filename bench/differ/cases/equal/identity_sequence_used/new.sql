CREATE TABLE trip (id integer GENERATED ALWAYS AS IDENTITY, title text);
CREATE SEQUENCE ticket_number;
INSERT INTO trip (title) VALUES ('a'), ('b');
SELECT nextval('ticket_number');
