CREATE DOMAIN email AS text CONSTRAINT at_sign CHECK (VALUE LIKE '%_@_%');
CREATE TABLE person (email email);
