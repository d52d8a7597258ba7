CREATE TYPE state AS ENUM ('new', 'paid');
CREATE DOMAIN good_state AS state CHECK (VALUE <> 'new');
CREATE TYPE step AS (state state, at timestamptz);
CREATE TABLE booking (id integer, past state[], good good_state, step step);
CREATE FUNCTION is_new(s state DEFAULT 'new') RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT s = ''new''';
CREATE INDEX booking_new_idx ON booking (is_new(past[1]));
CREATE MATERIALIZED VIEW pasts AS SELECT id, past[1] AS first FROM booking WHERE is_new(past[1]);
