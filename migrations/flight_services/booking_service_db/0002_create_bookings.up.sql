CREATE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- Unique over all partitions, which an index of a partitioned table cannot be without its key.
CREATE TABLE booking_registry (
    booking_id uuid PRIMARY KEY,
    booking_reference varchar(10) NOT NULL CONSTRAINT uq_booking_registry_reference UNIQUE,
    departure_datetime timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    archived_at timestamptz
);

GRANT SELECT, INSERT, UPDATE ON booking_registry TO booking_service_db_app;

GRANT SELECT ON booking_registry TO booking_service_db_readonly;

-- The partitions are made ahead of time by the policy of the declaration, not here.
CREATE TABLE bookings (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    booking_reference varchar(10) NOT NULL,
    pnr varchar(6) NOT NULL,
    user_id uuid NOT NULL,
    gds_provider varchar(50) NOT NULL,
    gds_booking_id varchar(100),
    origin_airport varchar(3) NOT NULL,
    destination_airport varchar(3) NOT NULL,
    departure_datetime timestamptz NOT NULL,
    arrival_datetime timestamptz NOT NULL,
    flight_type varchar(20) NOT NULL,
    base_fare numeric(10, 2) NOT NULL,
    taxes numeric(10, 2) NOT NULL,
    fees numeric(10, 2) NOT NULL DEFAULT 0.00,
    total_amount numeric(10, 2) NOT NULL,
    currency varchar(3) NOT NULL DEFAULT 'USD',
    status varchar(20) NOT NULL DEFAULT 'PENDING_PAYMENT',
    payment_status varchar(20) NOT NULL DEFAULT 'PENDING',
    payment_id uuid,
    ticketed boolean NOT NULL DEFAULT FALSE,
    ticket_issued_at timestamptz,
    ticket_time_limit timestamptz,
    contact_email varchar(255) NOT NULL,
    contact_phone varchar(20) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    updated_at timestamptz NOT NULL DEFAULT current_timestamp,
    confirmed_at timestamptz,
    cancelled_at timestamptz,
    cancellation_reason text,
    user_deleted boolean NOT NULL DEFAULT FALSE,
    PRIMARY KEY (id, departure_datetime),
    CONSTRAINT valid_amount CHECK (total_amount >= 0),
    CONSTRAINT valid_status
    CHECK (status IN ('PENDING_PAYMENT', 'CONFIRMED', 'FAILED', 'CANCELLED', 'CHECKED_IN', 'COMPLETED', 'REFUNDED')),
    CONSTRAINT valid_payment_status
    CHECK (payment_status IN ('PENDING', 'AUTHORIZED', 'CAPTURED', 'FAILED', 'REFUNDED', 'PARTIALLY_REFUNDED')),
    CONSTRAINT ck_bookings_gds CHECK (gds_provider IN ('AMADEUS', 'SABRE', 'TRAVELPORT')),
    CONSTRAINT ck_bookings_flight_type CHECK (flight_type IN ('ONE_WAY', 'ROUND_TRIP', 'MULTI_CITY')),
    CONSTRAINT ck_bookings_total CHECK (total_amount = base_fare + taxes + fees),
    CONSTRAINT ck_bookings_times CHECK (arrival_datetime > departure_datetime),
    CONSTRAINT ck_bookings_ticketed CHECK (NOT ticketed OR ticket_issued_at IS NOT NULL)
) PARTITION BY RANGE (departure_datetime);

CREATE INDEX idx_bookings_booking_ref ON bookings (booking_reference);

CREATE INDEX idx_bookings_pnr ON bookings (pnr);

CREATE INDEX idx_bookings_user_id ON bookings (user_id) WHERE user_deleted = FALSE;

CREATE INDEX idx_bookings_status ON bookings (status);

CREATE INDEX idx_bookings_departure ON bookings (departure_datetime);

CREATE INDEX idx_bookings_created_at ON bookings (created_at);

-- An UPDATE that moves a booking to another partition fires this twice, as UPDATE and as INSERT.
CREATE FUNCTION bookings_register() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO booking_registry (booking_id, booking_reference, departure_datetime, created_at)
    VALUES (NEW.id, NEW.booking_reference, NEW.departure_datetime, NEW.created_at)
    ON CONFLICT (booking_id) DO UPDATE
    SET booking_reference = EXCLUDED.booking_reference, departure_datetime = EXCLUDED.departure_datetime
    WHERE TG_OP = 'UPDATE'
        OR (booking_registry.booking_reference, booking_registry.departure_datetime)
        IS NOT DISTINCT FROM (EXCLUDED.booking_reference, EXCLUDED.departure_datetime);
    IF NOT FOUND THEN
        RAISE EXCEPTION '% has an entry for another row of this key', 'booking_registry'
            USING ERRCODE = 'unique_violation', TABLE = 'booking_registry';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER trg_bookings_register
BEFORE INSERT OR UPDATE OF booking_reference, departure_datetime ON bookings
FOR EACH ROW EXECUTE FUNCTION bookings_register();

CREATE OR REPLACE TRIGGER update_bookings_updated_at BEFORE UPDATE ON bookings
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- Never deleted: a booking is cancelled, and in the end archived.
GRANT SELECT, INSERT, UPDATE ON bookings TO booking_service_db_app;

GRANT SELECT ON bookings TO booking_service_db_readonly;
