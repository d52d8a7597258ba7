CREATE TABLE trip (seats integer);
ALTER TABLE trip ADD CONSTRAINT seats_positive CHECK (seats > 0) NOT VALID;
