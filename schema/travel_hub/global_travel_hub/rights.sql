-- Who the tenants are is for the owner to say; no policy keeps one of them from changing another.
GRANT SELECT ON tenants TO global_travel_hub_app, global_travel_hub_readonly;

-- Policies do not bind a materialized view: everybody else reads v_daily_metrics.
REVOKE ALL ON mv_daily_metrics FROM global_travel_hub_app, global_travel_hub_readonly;

GRANT USAGE ON SCHEMA public TO global_travel_hub_refresh;

GRANT SELECT ON bookings TO global_travel_hub_refresh;

-- An object goes only to a role that may create it where it is. That right is for this one moment.
DO $$
BEGIN
    GRANT CREATE ON SCHEMA public TO global_travel_hub_refresh;
    ALTER MATERIALIZED VIEW mv_daily_metrics OWNER TO global_travel_hub_refresh;
    REVOKE CREATE ON SCHEMA public FROM global_travel_hub_refresh;
END
$$;
