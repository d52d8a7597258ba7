ALTER TABLE flights ADD COLUMN arrival_day_offset smallint NOT NULL DEFAULT 0;

-- airside: allow check-not-valid because flights are some thousand rows, read in milliseconds, and written by the schedule import alone
ALTER TABLE flights ADD CONSTRAINT ck_flights_day_offset CHECK (arrival_day_offset BETWEEN -1 AND 2);
