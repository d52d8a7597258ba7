DROP VIEW v_daily_metrics;

DROP MATERIALIZED VIEW mv_daily_metrics;
