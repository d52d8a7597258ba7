-- Passenger and flight are of the same booking: hence the composite keys.
CREATE TABLE booking_ancillaries (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
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
    CONSTRAINT fk_booking_ancillaries_booking
    FOREIGN KEY (booking_id, booking_departure_datetime)
    REFERENCES bookings (id, departure_datetime) ON UPDATE CASCADE ON DELETE RESTRICT,
    CONSTRAINT fk_booking_ancillaries_passenger
    FOREIGN KEY (booking_id, passenger_id) REFERENCES booking_passengers (booking_id, id) ON DELETE RESTRICT,
    CONSTRAINT fk_booking_ancillaries_flight
    FOREIGN KEY (booking_id, flight_id) REFERENCES booking_flights (booking_id, id) ON DELETE RESTRICT,
    CONSTRAINT valid_price CHECK (price >= 0),
    CONSTRAINT valid_quantity CHECK (quantity > 0),
    CONSTRAINT ck_booking_ancillaries_type
    CHECK (ancillary_type IN ('SEAT_SELECTION', 'EXTRA_BAGGAGE', 'MEAL', 'LOUNGE_ACCESS',
        'PRIORITY_BOARDING', 'WIFI', 'INSURANCE')),
    CONSTRAINT ck_booking_ancillaries_status CHECK (status IN ('CONFIRMED', 'CANCELLED', 'REFUNDED'))
);

CREATE INDEX idx_ancillaries_booking_id ON booking_ancillaries (booking_id, booking_departure_datetime);

CREATE INDEX idx_ancillaries_type ON booking_ancillaries (ancillary_type);

CREATE OR REPLACE TRIGGER update_ancillaries_updated_at BEFORE UPDATE ON booking_ancillaries
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

GRANT SELECT, INSERT, UPDATE ON booking_ancillaries TO booking_service_db_app;

GRANT SELECT ON booking_ancillaries TO booking_service_db_readonly;
