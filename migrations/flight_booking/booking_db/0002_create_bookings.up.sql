CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- A partition per year of the purchase, in UTC; the partitions themselves come from the declared policy.
CREATE TABLE bookings (
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
    CONSTRAINT bookings_pkey PRIMARY KEY (id, created_at),
    CONSTRAINT valid_booking_dates CHECK (expires_at > created_at),
    CONSTRAINT ck_bookings_status CHECK (status IN ('pending', 'confirmed', 'cancelled', 'completed')),
    CONSTRAINT ck_bookings_payment_status CHECK (payment_status IN ('pending', 'paid', 'failed', 'refunded')),
    CONSTRAINT ck_bookings_source CHECK (booking_source IN ('web', 'mobile', 'api', 'agent')),
    CONSTRAINT ck_bookings_total CHECK (total_amount >= 0),
    CONSTRAINT ck_bookings_currency CHECK (currency ~ '^[A-Z]{3}$')
) PARTITION BY RANGE (created_at);

CREATE INDEX idx_bookings_status ON bookings (status);

CREATE INDEX idx_bookings_user_date ON bookings (user_id, created_at DESC);

CREATE INDEX idx_bookings_user_status ON bookings (user_id, status);

CREATE OR REPLACE TRIGGER trg_bookings_updated_at BEFORE UPDATE ON bookings
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- Never deleted, only archived.
GRANT SELECT, INSERT, UPDATE ON bookings TO booking_db_app;

GRANT SELECT ON bookings TO booking_db_readonly;
