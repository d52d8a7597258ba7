CREATE TABLE booking_flights (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
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
    CONSTRAINT fk_booking_flights_booking
    FOREIGN KEY (booking_id, booking_departure_datetime)
    REFERENCES bookings (id, departure_datetime) ON UPDATE CASCADE ON DELETE RESTRICT,
    CONSTRAINT uq_booking_flights_booking_id UNIQUE (booking_id, id),
    CONSTRAINT uq_booking_flights_segment UNIQUE (booking_id, segment_number),
    CONSTRAINT valid_segment CHECK (segment_number > 0),
    CONSTRAINT valid_duration CHECK (flight_duration_minutes > 0),
    CONSTRAINT ck_booking_flights_cabin CHECK (cabin_class IN ('ECONOMY', 'PREMIUM_ECONOMY', 'BUSINESS', 'FIRST')),
    CONSTRAINT ck_booking_flights_status
    CHECK (status IN ('CONFIRMED', 'CHECKED_IN', 'BOARDED', 'DEPARTED', 'ARRIVED', 'CANCELLED'))
);

CREATE INDEX idx_flights_booking_id ON booking_flights (booking_id, booking_departure_datetime);

CREATE INDEX idx_flights_departure ON booking_flights (departure_datetime);

CREATE INDEX idx_flights_airline ON booking_flights (airline_code);

CREATE OR REPLACE TRIGGER update_flights_updated_at BEFORE UPDATE ON booking_flights
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

GRANT SELECT, INSERT, UPDATE ON booking_flights TO booking_service_db_app;

GRANT SELECT ON booking_flights TO booking_service_db_readonly;
