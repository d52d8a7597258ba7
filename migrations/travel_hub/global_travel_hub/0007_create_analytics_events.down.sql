-- airside: data-loss table public.analytics_events
DROP TABLE analytics_events;
