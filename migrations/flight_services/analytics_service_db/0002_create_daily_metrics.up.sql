CREATE TABLE daily_metrics (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    metric_date date NOT NULL,
    total_searches integer NOT NULL DEFAULT 0,
    total_bookings integer NOT NULL DEFAULT 0,
    total_revenue numeric(12, 2) NOT NULL DEFAULT 0.00,
    search_to_booking_rate numeric(5, 2),
    average_booking_value numeric(10, 2),
    new_users integer NOT NULL DEFAULT 0,
    active_users integer NOT NULL DEFAULT 0,
    top_routes jsonb,
    calculated_at timestamptz NOT NULL DEFAULT current_timestamp
);

GRANT SELECT, INSERT, UPDATE, DELETE ON daily_metrics TO analytics_service_db_app;

GRANT SELECT ON daily_metrics TO analytics_service_db_readonly;
