-- The columns and checks of the live tables, without their partitions.
CREATE TABLE bookings_archive (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    booking_reference varchar(6) NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'pending',
    total_amount numeric(10, 2) NOT NULL,
    currency varchar(3) NOT NULL,
    payment_status varchar(20) NOT NULL DEFAULT 'pending',
    booking_source varchar(50) NOT NULL DEFAULT 'web',
    contact_email varchar(255) NOT NULL,
    contact_phone varchar(20),
    special_requests text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    archived_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT bookings_archive_pkey PRIMARY KEY (id),
    CONSTRAINT valid_booking_dates CHECK (expires_at > created_at),
    CONSTRAINT ck_bookings_status CHECK (status IN ('pending', 'confirmed', 'cancelled', 'completed')),
    CONSTRAINT ck_bookings_payment_status CHECK (payment_status IN ('pending', 'paid', 'failed', 'refunded')),
    CONSTRAINT ck_bookings_source CHECK (booking_source IN ('web', 'mobile', 'api', 'agent')),
    CONSTRAINT ck_bookings_total CHECK (total_amount >= 0),
    CONSTRAINT ck_bookings_currency CHECK (currency ~ '^[A-Z]{3}$')
);

CREATE INDEX idx_bookings_archive_user ON bookings_archive (user_id);

GRANT SELECT, INSERT, UPDATE ON bookings_archive TO booking_db_app;

GRANT SELECT ON bookings_archive TO booking_db_readonly;

CREATE TABLE booking_segments_archive (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    booking_id uuid NOT NULL,
    flight_instance_id uuid NOT NULL,
    segment_order integer NOT NULL,
    departure_airport varchar(3) NOT NULL,
    arrival_airport varchar(3) NOT NULL,
    departure_datetime timestamptz NOT NULL,
    arrival_datetime timestamptz NOT NULL,
    class varchar(20) NOT NULL,
    fare_basis varchar(20),
    price numeric(10, 2) NOT NULL,
    currency varchar(3) NOT NULL,
    baggage_allowance jsonb,
    status varchar(20) NOT NULL DEFAULT 'confirmed',
    created_at timestamptz NOT NULL DEFAULT now(),
    booking_created_at timestamptz NOT NULL,
    archived_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT booking_segments_archive_pkey PRIMARY KEY (id),
    CONSTRAINT fk_booking_segments_archive_booking FOREIGN KEY (booking_id)
    REFERENCES bookings_archive (id) ON DELETE RESTRICT,
    CONSTRAINT ck_booking_segments_order CHECK (segment_order > 0),
    CONSTRAINT ck_booking_segments_times CHECK (arrival_datetime > departure_datetime),
    CONSTRAINT ck_booking_segments_class CHECK (class IN ('economy', 'premium_economy', 'business', 'first'))
);

CREATE INDEX idx_booking_segments_archive_booking ON booking_segments_archive (booking_id);

GRANT SELECT, INSERT, UPDATE ON booking_segments_archive TO booking_db_app;

GRANT SELECT ON booking_segments_archive TO booking_db_readonly;

CREATE TABLE passengers_archive (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    booking_id uuid NOT NULL,
    passenger_type varchar(20) NOT NULL DEFAULT 'adult',
    title varchar(10),
    first_name varchar(100) NOT NULL,
    last_name varchar(100) NOT NULL,
    date_of_birth date,
    gender varchar(10),
    nationality varchar(3),
    passport_number varchar(50),
    passport_expiry date,
    passport_country varchar(3),
    known_traveler_number varchar(50),
    seat_preference varchar(20),
    meal_preference varchar(50),
    special_needs text,
    frequent_flyer_number varchar(50),
    created_at timestamptz NOT NULL DEFAULT now(),
    booking_created_at timestamptz NOT NULL,
    archived_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT passengers_archive_pkey PRIMARY KEY (id),
    CONSTRAINT fk_passengers_archive_booking FOREIGN KEY (booking_id)
    REFERENCES bookings_archive (id) ON DELETE RESTRICT,
    CONSTRAINT ck_passengers_type CHECK (passenger_type IN ('adult', 'child', 'infant')),
    CONSTRAINT ck_passengers_seat_preference CHECK (seat_preference IN ('window', 'aisle', 'middle')),
    CONSTRAINT valid_passenger_age CHECK (date_of_birth <= ((created_at AT TIME ZONE 'UTC')::date - 14))
);

CREATE INDEX idx_passengers_archive_booking ON passengers_archive (booking_id);

GRANT SELECT, INSERT, UPDATE ON passengers_archive TO booking_db_app;

GRANT SELECT ON passengers_archive TO booking_db_readonly;

CREATE TABLE passenger_segments_archive (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    passenger_id uuid NOT NULL,
    booking_segment_id uuid NOT NULL,
    seat_number varchar(5),
    boarding_pass_issued boolean NOT NULL DEFAULT FALSE,
    check_in_time timestamptz,
    boarding_group varchar(5),
    gate varchar(10),
    created_at timestamptz NOT NULL DEFAULT now(),
    archived_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT passenger_segments_archive_pkey PRIMARY KEY (id)
);

CREATE INDEX idx_passenger_segments_archive_passenger ON passenger_segments_archive (passenger_id);

GRANT SELECT, INSERT, UPDATE ON passenger_segments_archive TO booking_db_app;

GRANT SELECT ON passenger_segments_archive TO booking_db_readonly;
