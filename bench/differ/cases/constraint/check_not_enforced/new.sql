CREATE TABLE trip (seats integer CONSTRAINT seats_positive CHECK (seats > 0) NOT ENFORCED);
