-- The partitions are made ahead of time by the policy of the declaration, not here.
CREATE TABLE search_history (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid,
    origin_airport varchar(3) NOT NULL,
    destination_airport varchar(3) NOT NULL,
    departure_date date NOT NULL,
    return_date date,
    passengers_adult integer NOT NULL DEFAULT 1,
    passengers_child integer NOT NULL DEFAULT 0,
    passengers_infant integer NOT NULL DEFAULT 0,
    cabin_class varchar(20),
    results_count integer NOT NULL DEFAULT 0,
    cheapest_price numeric(10, 2),
    most_expensive_price numeric(10, 2),
    average_price numeric(10, 2),
    response_time_ms integer,
    cache_hit boolean NOT NULL DEFAULT FALSE,
    gds_providers varchar[] NOT NULL DEFAULT '{}',
    session_id uuid,
    ip_address inet,
    user_agent text,
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    PRIMARY KEY (id, created_at),
    CONSTRAINT ck_search_history_cabin CHECK (cabin_class IN ('ECONOMY', 'PREMIUM_ECONOMY', 'BUSINESS', 'FIRST')),
    CONSTRAINT ck_search_history_passengers
    CHECK (passengers_adult >= 0 AND passengers_child >= 0 AND passengers_infant >= 0),
    CONSTRAINT ck_search_history_dates CHECK (return_date >= departure_date)
) PARTITION BY RANGE (created_at);

CREATE INDEX idx_search_history_user_id ON search_history (user_id);

CREATE INDEX idx_search_history_created_at ON search_history (created_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON search_history TO search_service_db_app;

GRANT SELECT ON search_history TO search_service_db_readonly;
