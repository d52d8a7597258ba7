-- What the database is. One row: the key has one possible value.
CREATE TABLE IF NOT EXISTS airside.environment (
    the_one boolean PRIMARY KEY DEFAULT true CHECK (the_one),
    name text NOT NULL CHECK (name IN ('development', 'staging', 'production')),
    marked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    marked_by text NOT NULL DEFAULT session_user
);
