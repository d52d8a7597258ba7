-- safe
-- given
CREATE TABLE n (id bigint PRIMARY KEY, at timestamptz(3), bits bit varying(5), net cidr);
INSERT INTO n VALUES (1, now(), '101', '10.0.0.0/8');
-- migration
ALTER TABLE n ALTER COLUMN at TYPE timestamptz, ALTER COLUMN bits TYPE bit varying(10), ALTER COLUMN net TYPE inet;
