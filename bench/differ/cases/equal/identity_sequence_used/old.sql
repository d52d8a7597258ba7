CREATE TABLE trip (id integer GENERATED ALWAYS AS IDENTITY, title text);
CREATE SEQUENCE ticket_number;
