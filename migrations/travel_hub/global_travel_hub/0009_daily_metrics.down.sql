DROP VIEW v_daily_metrics;

DROP MATERIALIZED VIEW mv_daily_metrics;

REVOKE SELECT ON bookings FROM global_travel_hub_refresh;

REVOKE USAGE ON SCHEMA public FROM global_travel_hub_refresh;
