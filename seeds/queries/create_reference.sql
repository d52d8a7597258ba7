-- Which set of reference data a table was last filled from, and a digest of every row as that set left it:
-- a row that differs from its digest was changed by somebody else, and stays as it is.
CREATE TABLE IF NOT EXISTS airside.reference (
    table_name text PRIMARY KEY,
    digest text NOT NULL,
    set_rows integer NOT NULL,
    kept_rows integer NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    loaded_by text NOT NULL DEFAULT session_user
);

CREATE TABLE IF NOT EXISTS airside.reference_rows (
    table_name text NOT NULL,
    row_key text NOT NULL,
    digest bigint NOT NULL,
    PRIMARY KEY (table_name, row_key)
);
