CREATE TABLE bookings_archive (
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
    archived_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id),
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
);

CREATE INDEX idx_bookings_archive_user_id ON bookings_archive (user_id);

CREATE INDEX idx_bookings_archive_reference ON bookings_archive (booking_reference);

GRANT SELECT, INSERT, UPDATE ON bookings_archive TO booking_service_db_app;

GRANT SELECT ON bookings_archive TO booking_service_db_readonly;

CREATE TABLE booking_passengers_archive (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    booking_id uuid NOT NULL,
    passenger_type varchar(10) NOT NULL,
    title varchar(10),
    first_name varchar(100) NOT NULL,
    middle_name varchar(100),
    last_name varchar(100) NOT NULL,
    date_of_birth date NOT NULL,
    gender varchar(20),
    nationality varchar(2),
    passport_number varchar(20),
    passport_country varchar(2),
    passport_expiry_date date,
    frequent_flyer_airline varchar(2),
    frequent_flyer_number varchar(50),
    ticket_number varchar(20),
    ticket_status varchar(20),
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    updated_at timestamptz NOT NULL DEFAULT current_timestamp,
    booking_departure_datetime timestamptz NOT NULL,
    archived_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id),
    CONSTRAINT fk_booking_passengers_archive_booking
    FOREIGN KEY (booking_id) REFERENCES bookings_archive (id) ON DELETE RESTRICT,
    CONSTRAINT valid_passenger_type CHECK (passenger_type IN ('ADULT', 'CHILD', 'INFANT')),
    CONSTRAINT valid_passport_expiry CHECK (passport_expiry_date IS NULL OR passport_expiry_date > date_of_birth),
    CONSTRAINT ck_booking_passengers_ticket_status
    CHECK (ticket_status IN ('ISSUED', 'VOIDED', 'REFUNDED', 'EXCHANGED'))
);

CREATE INDEX idx_booking_passengers_archive_booking ON booking_passengers_archive (booking_id);

GRANT SELECT, INSERT, UPDATE ON booking_passengers_archive TO booking_service_db_app;

GRANT SELECT ON booking_passengers_archive TO booking_service_db_readonly;

CREATE TABLE booking_flights_archive (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    booking_id uuid NOT NULL,
    segment_number integer NOT NULL,
    airline_code varchar(2) NOT NULL,
    airline_name varchar(100) NOT NULL,
    flight_number varchar(10) NOT NULL,
    aircraft_type varchar(50),
    aircraft_code varchar(10),
    departure_airport varchar(3) NOT NULL,
    departure_terminal varchar(10),
    departure_datetime timestamptz NOT NULL,
    arrival_airport varchar(3) NOT NULL,
    arrival_terminal varchar(10),
    arrival_datetime timestamptz NOT NULL,
    cabin_class varchar(20) NOT NULL,
    booking_class varchar(2) NOT NULL,
    flight_duration_minutes integer,
    baggage_allowance jsonb,
    status varchar(20) NOT NULL DEFAULT 'CONFIRMED',
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    updated_at timestamptz NOT NULL DEFAULT current_timestamp,
    booking_departure_datetime timestamptz NOT NULL,
    archived_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id),
    CONSTRAINT fk_booking_flights_archive_booking
    FOREIGN KEY (booking_id) REFERENCES bookings_archive (id) ON DELETE RESTRICT,
    CONSTRAINT valid_segment CHECK (segment_number > 0),
    CONSTRAINT valid_duration CHECK (flight_duration_minutes > 0),
    CONSTRAINT ck_booking_flights_cabin CHECK (cabin_class IN ('ECONOMY', 'PREMIUM_ECONOMY', 'BUSINESS', 'FIRST')),
    CONSTRAINT ck_booking_flights_status
    CHECK (status IN ('CONFIRMED', 'CHECKED_IN', 'BOARDED', 'DEPARTED', 'ARRIVED', 'CANCELLED'))
);

CREATE INDEX idx_booking_flights_archive_booking ON booking_flights_archive (booking_id);

GRANT SELECT, INSERT, UPDATE ON booking_flights_archive TO booking_service_db_app;

GRANT SELECT ON booking_flights_archive TO booking_service_db_readonly;

CREATE TABLE booking_ancillaries_archive (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    booking_id uuid NOT NULL,
    passenger_id uuid,
    flight_id uuid,
    ancillary_type varchar(50) NOT NULL,
    description text NOT NULL,
    quantity integer NOT NULL DEFAULT 1,
    price numeric(10, 2) NOT NULL,
    currency varchar(3) NOT NULL DEFAULT 'USD',
    status varchar(20) NOT NULL DEFAULT 'CONFIRMED',
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    updated_at timestamptz NOT NULL DEFAULT current_timestamp,
    booking_departure_datetime timestamptz NOT NULL,
    archived_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id),
    CONSTRAINT fk_booking_ancillaries_archive_booking
    FOREIGN KEY (booking_id) REFERENCES bookings_archive (id) ON DELETE RESTRICT,
    CONSTRAINT valid_price CHECK (price >= 0),
    CONSTRAINT valid_quantity CHECK (quantity > 0),
    CONSTRAINT ck_booking_ancillaries_type
    CHECK (ancillary_type IN ('SEAT_SELECTION', 'EXTRA_BAGGAGE', 'MEAL', 'LOUNGE_ACCESS',
        'PRIORITY_BOARDING', 'WIFI', 'INSURANCE')),
    CONSTRAINT ck_booking_ancillaries_status CHECK (status IN ('CONFIRMED', 'CANCELLED', 'REFUNDED'))
);

CREATE INDEX idx_booking_ancillaries_archive_booking ON booking_ancillaries_archive (booking_id);

GRANT SELECT, INSERT, UPDATE ON booking_ancillaries_archive TO booking_service_db_app;

GRANT SELECT ON booking_ancillaries_archive TO booking_service_db_readonly;

-- Moves bookings that came to an end and departed before `cutoff`, with their children, at most `batch_size` of them;
-- returns how many. They are locked first, so that none changes between the copy and the deletion; one that somebody
-- else holds waits for the next run. Run monthly until it returns 0; of two at a time the second does nothing.
CREATE FUNCTION archive_old_bookings(
    cutoff timestamptz DEFAULT now() - interval '2 years', batch_size integer DEFAULT 1000
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    ids uuid[];
    n integer;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('archive_old_bookings')) THEN
        RETURN 0;
    END IF;
    SELECT array_agg(s.id) INTO ids
    FROM (
        SELECT id FROM bookings
        WHERE status IN ('COMPLETED', 'CANCELLED', 'FAILED', 'REFUNDED')
            AND departure_datetime < cutoff
            AND created_at < cutoff
        ORDER BY departure_datetime
        LIMIT batch_size
        FOR UPDATE SKIP LOCKED
    ) s;
    IF ids IS NULL THEN
        RETURN 0;
    END IF;
    INSERT INTO bookings_archive (
        id, booking_reference, pnr, user_id, gds_provider, gds_booking_id, origin_airport, destination_airport,
        departure_datetime, arrival_datetime, flight_type, base_fare, taxes, fees, total_amount, currency, status,
        payment_status, payment_id, ticketed, ticket_issued_at, ticket_time_limit, contact_email, contact_phone,
        created_at, updated_at, confirmed_at, cancelled_at, cancellation_reason, user_deleted
    )
    SELECT
        id, booking_reference, pnr, user_id, gds_provider, gds_booking_id, origin_airport, destination_airport,
        departure_datetime, arrival_datetime, flight_type, base_fare, taxes, fees, total_amount, currency, status,
        payment_status, payment_id, ticketed, ticket_issued_at, ticket_time_limit, contact_email, contact_phone,
        created_at, updated_at, confirmed_at, cancelled_at, cancellation_reason, user_deleted
    FROM bookings WHERE id = ANY (ids);
    GET DIAGNOSTICS n = ROW_COUNT;
    WITH m AS (
        DELETE FROM booking_ancillaries WHERE booking_id = ANY (ids) RETURNING *
    )
    INSERT INTO booking_ancillaries_archive (
        id, booking_id, passenger_id, flight_id, ancillary_type, description, quantity, price, currency, status,
        created_at, updated_at, booking_departure_datetime
    )
    SELECT
        id, booking_id, passenger_id, flight_id, ancillary_type, description, quantity, price, currency, status,
        created_at, updated_at, booking_departure_datetime
    FROM m;
    WITH m AS (
        DELETE FROM booking_passengers WHERE booking_id = ANY (ids) RETURNING *
    )
    INSERT INTO booking_passengers_archive (
        id, booking_id, passenger_type, title, first_name, middle_name, last_name, date_of_birth, gender,
        nationality, passport_number, passport_country, passport_expiry_date, frequent_flyer_airline,
        frequent_flyer_number, ticket_number, ticket_status, created_at, updated_at, booking_departure_datetime
    )
    SELECT
        id, booking_id, passenger_type, title, first_name, middle_name, last_name, date_of_birth, gender,
        nationality, passport_number, passport_country, passport_expiry_date, frequent_flyer_airline,
        frequent_flyer_number, ticket_number, ticket_status, created_at, updated_at, booking_departure_datetime
    FROM m;
    WITH m AS (
        DELETE FROM booking_flights WHERE booking_id = ANY (ids) RETURNING *
    )
    INSERT INTO booking_flights_archive (
        id, booking_id, segment_number, airline_code, airline_name, flight_number, aircraft_type, aircraft_code,
        departure_airport, departure_terminal, departure_datetime, arrival_airport, arrival_terminal,
        arrival_datetime, cabin_class, booking_class, flight_duration_minutes, baggage_allowance, status,
        created_at, updated_at, booking_departure_datetime
    )
    SELECT
        id, booking_id, segment_number, airline_code, airline_name, flight_number, aircraft_type, aircraft_code,
        departure_airport, departure_terminal, departure_datetime, arrival_airport, arrival_terminal,
        arrival_datetime, cabin_class, booking_class, flight_duration_minutes, baggage_allowance, status,
        created_at, updated_at, booking_departure_datetime
    FROM m;
    DELETE FROM bookings WHERE id = ANY (ids);
    UPDATE booking_registry SET archived_at = now() WHERE booking_id = ANY (ids);
    RETURN n;
END
$$;
