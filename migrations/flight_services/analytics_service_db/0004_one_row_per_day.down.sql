ALTER TABLE daily_metrics DROP CONSTRAINT unique_daily_metric;

-- airside: allow hold-lock because the table has one row a day: it is read in milliseconds
CREATE UNIQUE INDEX unique_daily_metric ON daily_metrics (metric_date);
