-- Takes the index of the revision before: no scan under the lock.
ALTER TABLE daily_metrics ADD CONSTRAINT unique_daily_metric UNIQUE USING INDEX unique_daily_metric;
