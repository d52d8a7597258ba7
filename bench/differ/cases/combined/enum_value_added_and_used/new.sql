CREATE TYPE state AS ENUM ('new', 'held', 'paid');
CREATE TABLE booking (
    state state DEFAULT 'held', held_until date,
    CONSTRAINT held_has_date CHECK (state <> 'held' OR held_until IS NOT NULL)
);
CREATE INDEX booking_held_idx ON booking (held_until) WHERE state = 'held';
CREATE VIEW held AS SELECT held_until FROM booking WHERE state = 'held';
