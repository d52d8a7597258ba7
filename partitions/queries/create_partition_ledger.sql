-- What became of each partition, in the transaction of what was done where PostgreSQL allows one.
CREATE TABLE IF NOT EXISTS airside.partition_ledger (
    id bigint GENERATED ALWAYS AS IDENTITY,
    parent text NOT NULL,
    leaf text NOT NULL,
    leaf_oid bigint NOT NULL,
    event text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    by text NOT NULL DEFAULT session_user,
    details jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (leaf_oid, id)
);
