-- safe
-- given
-- migration
CREATE TABLE readings (at timestamptz NOT NULL, value float8) PARTITION BY RANGE (at);
CREATE INDEX ON readings (at);
CREATE TABLE readings_2026 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE readings_rest PARTITION OF readings DEFAULT;
