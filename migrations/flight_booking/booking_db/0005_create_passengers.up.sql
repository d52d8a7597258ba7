CREATE TABLE passengers (
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
    CONSTRAINT passengers_pkey PRIMARY KEY (id),
    CONSTRAINT fk_passengers_booking FOREIGN KEY (booking_id, booking_created_at)
    REFERENCES bookings (id, created_at) ON UPDATE CASCADE ON DELETE RESTRICT,
    CONSTRAINT ck_passengers_type CHECK (passenger_type IN ('adult', 'child', 'infant')),
    CONSTRAINT ck_passengers_seat_preference CHECK (seat_preference IN ('window', 'aisle', 'middle')),
    -- Against the day of the purchase, not today: a row stays valid wherever it is restored.
    CONSTRAINT valid_passenger_age CHECK (date_of_birth <= ((created_at AT TIME ZONE 'UTC')::date - 14))
);

CREATE INDEX idx_passengers_booking ON passengers (booking_id, booking_created_at);

GRANT SELECT, INSERT, UPDATE ON passengers TO booking_db_app;

GRANT SELECT ON passengers TO booking_db_readonly;

CREATE TABLE passenger_segments (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    passenger_id uuid NOT NULL,
    booking_segment_id uuid NOT NULL,
    seat_number varchar(5),
    boarding_pass_issued boolean NOT NULL DEFAULT FALSE,
    check_in_time timestamptz,
    boarding_group varchar(5),
    gate varchar(10),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT passenger_segments_pkey PRIMARY KEY (id),
    CONSTRAINT fk_passenger_segments_passenger FOREIGN KEY (passenger_id)
    REFERENCES passengers (id) ON DELETE CASCADE,
    CONSTRAINT fk_passenger_segments_segment FOREIGN KEY (booking_segment_id)
    REFERENCES booking_segments (id) ON DELETE CASCADE,
    CONSTRAINT uq_passenger_segments UNIQUE (passenger_id, booking_segment_id)
);

GRANT SELECT, INSERT, UPDATE ON passenger_segments TO booking_db_app;

GRANT SELECT ON passenger_segments TO booking_db_readonly;
