CREATE TABLE routes (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    origin_airport_id uuid NOT NULL CONSTRAINT fk_routes_origin REFERENCES airports (id) ON DELETE RESTRICT,
    destination_airport_id uuid NOT NULL CONSTRAINT fk_routes_destination REFERENCES airports (id) ON DELETE RESTRICT,
    distance_km integer,
    duration_minutes integer,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_routes_origin_destination UNIQUE (origin_airport_id, destination_airport_id),
    CONSTRAINT ck_routes_distinct CHECK (origin_airport_id <> destination_airport_id)
);

CREATE INDEX idx_routes_destination ON routes (destination_airport_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON routes TO flight_db_app;

GRANT SELECT ON routes TO flight_db_readonly;
