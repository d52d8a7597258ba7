-- What went where, and what has become of it since. One row for each archive of a table or partition.
CREATE TABLE IF NOT EXISTS airside.archives (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_schema text NOT NULL,
    source_table text NOT NULL,
    leaf_schema text NOT NULL,
    leaf text NOT NULL,
    leaf_oid oid NOT NULL,
    lower_bound timestamptz,
    upper_bound timestamptz,
    target text NOT NULL CHECK (target IN ('tables', 'parquet', 'database')),
    location text NOT NULL,
    row_count bigint NOT NULL CHECK (row_count >= 0),
    digest text,
    manifest_sha256 text,
    size_bytes bigint CHECK (size_bytes >= 0),
    state text NOT NULL CHECK (state IN ('copied', 'verified', 'dropped', 'restored', 'failed')),
    grace_until timestamptz,
    archived_by text NOT NULL DEFAULT session_user,
    archived_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    details jsonb NOT NULL DEFAULT '{}'
);
