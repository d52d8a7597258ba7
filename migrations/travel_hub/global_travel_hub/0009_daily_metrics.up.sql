-- Days of UTC, whatever the time zone of the session that refreshes it.
CREATE MATERIALIZED VIEW mv_daily_metrics AS
SELECT
    tenant_id,
    (created_at AT TIME ZONE 'UTC')::date AS date,
    currency,
    count(*) AS bookings,
    sum(total_amount) AS revenue
FROM bookings
WHERE status = 'confirmed' AND deleted_at IS NULL
GROUP BY 1, 2, 3;

-- REFRESH ... CONCURRENTLY needs it.
CREATE UNIQUE INDEX uq_mv_daily_metrics ON mv_daily_metrics (tenant_id, date, currency);

-- REFRESH runs as the owner of the view, and policies bind the owner of the tables: it would see no booking.
-- An object goes only to a role that may create it where it is. That right is for this one moment.
GRANT CREATE ON SCHEMA public TO global_travel_hub_refresh;

ALTER MATERIALIZED VIEW mv_daily_metrics OWNER TO global_travel_hub_refresh;

REVOKE CREATE ON SCHEMA public FROM global_travel_hub_refresh;

-- Policies do not bind a materialized view: nobody else reads it but through this one.
-- security_barrier: no function of a query sees a row before the condition on the tenant.
CREATE VIEW v_daily_metrics WITH (security_barrier = TRUE) AS
SELECT date, currency, bookings, revenue
FROM mv_daily_metrics
WHERE tenant_id = current_tenant_id();

GRANT SELECT ON v_daily_metrics TO global_travel_hub_app;

GRANT SELECT ON v_daily_metrics TO global_travel_hub_readonly;
