ALTER TABLE daily_metrics DROP CONSTRAINT unique_daily_metric;

CREATE UNIQUE INDEX unique_daily_metric ON daily_metrics (metric_date);
