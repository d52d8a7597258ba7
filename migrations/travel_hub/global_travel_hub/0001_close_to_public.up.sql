REVOKE ALL ON SCHEMA public FROM PUBLIC;

ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;

-- The refresh role owns one materialized view.
GRANT USAGE ON SCHEMA public TO global_travel_hub_refresh;

GRANT USAGE ON SCHEMA public TO global_travel_hub_app, global_travel_hub_readonly;
