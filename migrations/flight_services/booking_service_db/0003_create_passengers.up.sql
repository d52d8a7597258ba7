-- ON UPDATE CASCADE: a booking that is put off takes its passengers along to the other partition.
CREATE TABLE booking_passengers (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
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
    CONSTRAINT fk_booking_passengers_booking
    FOREIGN KEY (booking_id, booking_departure_datetime)
    REFERENCES bookings (id, departure_datetime) ON UPDATE CASCADE ON DELETE RESTRICT,
    CONSTRAINT uq_booking_passengers_booking_id UNIQUE (booking_id, id),
    CONSTRAINT valid_passenger_type CHECK (passenger_type IN ('ADULT', 'CHILD', 'INFANT')),
    CONSTRAINT valid_passport_expiry CHECK (passport_expiry_date IS NULL OR passport_expiry_date > date_of_birth),
    CONSTRAINT ck_booking_passengers_ticket_status
    CHECK (ticket_status IN ('ISSUED', 'VOIDED', 'REFUNDED', 'EXCHANGED'))
);

CREATE INDEX idx_passengers_booking_id ON booking_passengers (booking_id, booking_departure_datetime);

CREATE UNIQUE INDEX idx_passengers_ticket_number ON booking_passengers (ticket_number)
WHERE ticket_number IS NOT NULL;

CREATE OR REPLACE TRIGGER update_passengers_updated_at BEFORE UPDATE ON booking_passengers
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

CREATE FUNCTION require_future_passport() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.passport_expiry_date <= (NEW.booking_departure_datetime AT TIME ZONE 'UTC')::date THEN
        RAISE EXCEPTION 'passport expires before departure'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'valid_passport_expiry';
    END IF;
    RETURN NEW;
END
$$;

-- Only where the date is written: a trip that is put off must not fail on a passport.
CREATE OR REPLACE TRIGGER trg_booking_passengers_passport
BEFORE INSERT OR UPDATE OF passport_expiry_date ON booking_passengers
FOR EACH ROW EXECUTE FUNCTION require_future_passport();

GRANT SELECT, INSERT, UPDATE ON booking_passengers TO booking_service_db_app;

GRANT SELECT ON booking_passengers TO booking_service_db_readonly;
