ALTER TABLE flights ADD COLUMN arrival_day_offset smallint NOT NULL DEFAULT 0;

ALTER TABLE flights ADD CONSTRAINT ck_flights_day_offset CHECK (arrival_day_offset BETWEEN -1 AND 2);
