CREATE DOMAIN email AS text CONSTRAINT at_sign CHECK (VALUE LIKE '%@%');
CREATE TABLE person (email email);
