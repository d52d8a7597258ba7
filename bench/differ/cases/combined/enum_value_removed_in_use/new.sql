CREATE TYPE state AS ENUM ('new', 'paid');
CREATE TABLE booking (state state NOT NULL DEFAULT 'new' CHECK (state >= 'new'), past state[] DEFAULT '{}');
CREATE INDEX booking_state_idx ON booking (state) WHERE state = 'paid';
CREATE VIEW paid AS SELECT state FROM booking WHERE state = 'paid';
CREATE FUNCTION next_state(s state) RETURNS state LANGUAGE sql AS 'SELECT ''paid''::public.state';
GRANT SELECT ON paid TO differ_reader;
COMMENT ON TYPE state IS 'Where a booking stands';
