CREATE TABLE seat_reservations (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    flight_instance_id uuid NOT NULL,
    seat_configuration_id uuid NOT NULL
    CONSTRAINT fk_seat_reservations_seat REFERENCES seat_configurations (id) ON DELETE RESTRICT,
    booking_id uuid,
    passenger_name varchar(255),
    status varchar(20) NOT NULL DEFAULT 'reserved',
    reserved_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    CONSTRAINT uq_seat_reservations_seat UNIQUE (flight_instance_id, seat_configuration_id),
    CONSTRAINT ck_seat_reservations_status CHECK (status IN ('reserved', 'occupied', 'blocked')),
    CONSTRAINT ck_seat_reservations_expiry CHECK (expires_at > reserved_at)
);

CREATE INDEX idx_seat_reservations_booking ON seat_reservations (booking_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON seat_reservations TO inventory_db_app;

GRANT SELECT ON seat_reservations TO inventory_db_readonly;
