-- A scalar under = in an exclusion constraint needs it.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE bookings (
    id bigserial PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    destination_id bigint NOT NULL REFERENCES destinations (id) ON DELETE RESTRICT,
    start_date date NOT NULL,
    end_date date NOT NULL,
    guests integer NOT NULL,
    total_price numeric(10, 2) NOT NULL,
    status varchar(50) NOT NULL DEFAULT 'pending',
    special_requests text,
    payment_intent_id varchar(255),
    payment_status varchar(50) NOT NULL DEFAULT 'pending',
    cancellation_reason text,
    cancelled_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT chk_booking_dates CHECK (end_date > start_date),
    CONSTRAINT chk_booking_guests CHECK (guests > 0),
    CONSTRAINT chk_booking_price CHECK (total_price > 0),
    CONSTRAINT ck_bookings_status CHECK (status IN ('pending', 'confirmed', 'cancelled', 'completed')),
    CONSTRAINT ck_bookings_payment_status CHECK (payment_status IN ('pending', 'paid', 'failed', 'refunded')),
    CONSTRAINT ck_bookings_cancelled CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
    CONSTRAINT idx_bookings_no_overlap EXCLUDE USING gist (
        destination_id WITH =, daterange(start_date, end_date, '[)') WITH &&
    ) WHERE (status IN ('confirmed', 'pending'))
);

CREATE INDEX idx_bookings_user_id ON bookings (user_id);

CREATE INDEX idx_bookings_destination_id ON bookings (destination_id);

CREATE INDEX idx_bookings_status ON bookings (status);

CREATE INDEX idx_bookings_dates ON bookings (start_date, end_date);

CREATE INDEX idx_bookings_created_at ON bookings (created_at);

-- A booking fits its destination; a destination that is no longer active takes no new ones.
CREATE FUNCTION bookings_check_guests() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    d destinations%ROWTYPE;
BEGIN
    SELECT * INTO d FROM destinations WHERE id = NEW.destination_id FOR KEY SHARE;
    IF NEW.guests > d.max_guests THEN
        RAISE EXCEPTION '% guests exceed max_guests %', NEW.guests, d.max_guests
            USING ERRCODE = 'check_violation', CONSTRAINT = 'chk_booking_max_guests';
    END IF;
    IF TG_OP = 'INSERT' AND NOT d.active THEN
        RAISE EXCEPTION 'destination % is not active', d.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'chk_booking_active';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER trigger_bookings_check_guests BEFORE INSERT OR UPDATE OF guests, destination_id ON bookings
FOR EACH ROW EXECUTE FUNCTION bookings_check_guests();

CREATE OR REPLACE TRIGGER trigger_bookings_updated_at BEFORE UPDATE ON bookings
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- Never deleted: a booking is the record of a payment.
GRANT SELECT, INSERT, UPDATE ON bookings TO exotic_travel_prod_app;

GRANT SELECT ON bookings TO exotic_travel_prod_readonly;

GRANT USAGE, SELECT ON SEQUENCE bookings_id_seq TO exotic_travel_prod_app;
