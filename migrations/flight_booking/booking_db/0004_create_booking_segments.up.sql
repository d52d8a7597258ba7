-- The key of bookings holds its partition key; a booking that changes its partition takes its children along.
CREATE TABLE booking_segments (
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
    CONSTRAINT booking_segments_pkey PRIMARY KEY (id),
    CONSTRAINT fk_booking_segments_booking FOREIGN KEY (booking_id, booking_created_at)
    REFERENCES bookings (id, created_at) ON UPDATE CASCADE ON DELETE RESTRICT,
    CONSTRAINT uq_booking_segments_order UNIQUE (booking_id, segment_order),
    CONSTRAINT ck_booking_segments_order CHECK (segment_order > 0),
    CONSTRAINT ck_booking_segments_times CHECK (arrival_datetime > departure_datetime),
    CONSTRAINT ck_booking_segments_class CHECK (class IN ('economy', 'premium_economy', 'business', 'first'))
);

CREATE INDEX idx_booking_segments_booking ON booking_segments (booking_id, booking_created_at);

GRANT SELECT, INSERT, UPDATE ON booking_segments TO booking_db_app;

GRANT SELECT ON booking_segments TO booking_db_readonly;
