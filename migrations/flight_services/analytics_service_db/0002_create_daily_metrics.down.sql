-- airside: data-loss table public.daily_metrics
DROP TABLE daily_metrics;
