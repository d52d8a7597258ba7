CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- A partition per quarter of the departure, in UTC; the partitions themselves come from the declared policy.
CREATE TABLE flight_instances (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    flight_id uuid NOT NULL,
    departure_datetime timestamptz NOT NULL,
    arrival_datetime timestamptz NOT NULL,
    actual_departure timestamptz,
    actual_arrival timestamptz,
    gate varchar(10),
    terminal varchar(10),
    status varchar(20) NOT NULL DEFAULT 'scheduled',
    delay_minutes integer NOT NULL DEFAULT 0,
    cancellation_reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT flight_instances_pkey PRIMARY KEY (id, departure_datetime),
    CONSTRAINT fk_flight_instances_flight FOREIGN KEY (flight_id) REFERENCES flights (id) ON DELETE RESTRICT,
    CONSTRAINT ck_flight_instances_status
    CHECK (status IN ('scheduled', 'delayed', 'cancelled', 'boarding', 'departed', 'arrived')),
    CONSTRAINT ck_flight_instances_times CHECK (arrival_datetime > departure_datetime),
    CONSTRAINT ck_flight_instances_delay CHECK (delay_minutes >= 0)
) PARTITION BY RANGE (departure_datetime);

-- A flight departs once at a time.
CREATE UNIQUE INDEX idx_flight_instances_flight ON flight_instances (flight_id, departure_datetime);

CREATE INDEX idx_flight_instances_departure ON flight_instances (departure_datetime);

CREATE OR REPLACE TRIGGER trg_flight_instances_updated_at BEFORE UPDATE ON flight_instances
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

GRANT SELECT, INSERT, UPDATE, DELETE ON flight_instances TO flight_db_app;

GRANT SELECT ON flight_instances TO flight_db_readonly;
