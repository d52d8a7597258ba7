-- safe
-- timeouts: file
-- given
CREATE TABLE device (device_id uuid PRIMARY KEY, serial_no text NOT NULL, firmware varchar(16), installed timestamptz);
CREATE TABLE reading (device_id uuid NOT NULL, taken timestamptz NOT NULL, value double precision, quality smallint DEFAULT 0, PRIMARY KEY (device_id, taken));
CREATE MATERIALIZED VIEW daily AS SELECT device_id, taken::date AS day, avg(value) AS mean FROM reading GROUP BY 1, 2;
CREATE UNIQUE INDEX daily_key ON daily (device_id, day);
-- migration
SET lock_timeout = '2s';
CREATE MATERIALIZED VIEW weekly AS SELECT device_id, date_trunc('week', taken) AS week, max(value) AS top FROM reading GROUP BY 1, 2 WITH NO DATA;
CREATE UNIQUE INDEX weekly_key ON weekly (device_id, week);
