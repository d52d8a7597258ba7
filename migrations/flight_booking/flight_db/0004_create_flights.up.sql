CREATE TABLE flights (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    flight_number varchar(10) NOT NULL,
    airline_id uuid NOT NULL CONSTRAINT fk_flights_airline REFERENCES airlines (id) ON DELETE RESTRICT,
    route_id uuid NOT NULL CONSTRAINT fk_flights_route REFERENCES routes (id) ON DELETE RESTRICT,
    aircraft_type_id uuid NOT NULL
    CONSTRAINT fk_flights_aircraft_type REFERENCES aircraft_types (id) ON DELETE RESTRICT,
    departure_time time NOT NULL,
    arrival_time time NOT NULL,
    days_of_week integer[],
    effective_from date NOT NULL,
    effective_until date,
    status varchar(20) NOT NULL DEFAULT 'active',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT idx_flights_airline UNIQUE (airline_id, flight_number, effective_from),
    CONSTRAINT ck_flights_status CHECK (status IN ('active', 'cancelled', 'suspended')),
    CONSTRAINT ck_flights_days CHECK (days_of_week <@ ARRAY[1, 2, 3, 4, 5, 6, 7]),
    CONSTRAINT ck_flights_effective CHECK (effective_until >= effective_from)
);

CREATE INDEX idx_flights_route ON flights (route_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON flights TO flight_db_app;

GRANT SELECT ON flights TO flight_db_readonly;
