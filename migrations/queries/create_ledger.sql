-- What ran, in the transaction of what ran. The schema also holds Alembic's own version table.
CREATE TABLE IF NOT EXISTS airside.ledger (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    revision text NOT NULL,
    direction text NOT NULL CHECK (direction IN ('up', 'down', 'stamp')),
    checksum text NOT NULL,
    applied_by text NOT NULL DEFAULT session_user,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    duration_ms integer NOT NULL CHECK (duration_ms >= 0),
    fingerprint text,
    airside_version text NOT NULL
);
