-- airside: transaction = off
DROP INDEX CONCURRENTLY IF EXISTS unique_daily_metric;
