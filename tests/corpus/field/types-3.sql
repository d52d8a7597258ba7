-- expects: domain-constraint-scan
-- given
CREATE DOMAIN email AS text;
CREATE TABLE people (id bigint PRIMARY KEY, mail email);
INSERT INTO people VALUES (1, 'a@example.com');
-- migration
ALTER DOMAIN email ADD CONSTRAINT email_shape CHECK (value LIKE '%@%');
