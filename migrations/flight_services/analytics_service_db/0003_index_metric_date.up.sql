-- airside: transaction = off
-- Stops (23505) when a day has been counted twice: delete the older row by hand.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS unique_daily_metric ON daily_metrics (metric_date);
