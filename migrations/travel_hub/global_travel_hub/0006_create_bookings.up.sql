CREATE TABLE bookings (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id uuid NOT NULL DEFAULT current_tenant_id(),
    user_id uuid,
    booking_reference varchar(20) NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'pending',
    total_amount numeric(12, 2) NOT NULL DEFAULT 0,
    currency char(3) NOT NULL DEFAULT 'USD',
    contact_name varchar(200),
    contact_email varchar(255),
    contact_phone varchar(20),
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    CONSTRAINT fk_bookings_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
    -- a purged user leaves the tenant of the booking alone
    CONSTRAINT fk_bookings_user
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE SET NULL (user_id),
    CONSTRAINT uq_bookings_tenant_id UNIQUE (tenant_id, id),
    CONSTRAINT uq_bookings_reference UNIQUE (booking_reference),
    CONSTRAINT ck_bookings_status CHECK (status IN ('pending', 'confirmed', 'cancelled', 'completed')),
    CONSTRAINT ck_bookings_total CHECK (total_amount >= 0),
    CONSTRAINT ck_bookings_currency CHECK (currency ~ '^[A-Z]{3}$')
);

CREATE INDEX idx_bookings_user_created ON bookings (user_id, created_at DESC);

CREATE OR REPLACE TRIGGER trg_bookings_updated_at BEFORE UPDATE ON bookings
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

ALTER TABLE bookings ENABLE ROW LEVEL SECURITY;

ALTER TABLE bookings FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant_isolation ON bookings
USING (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid))
WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid));

-- What the metrics of a day are made of.
GRANT SELECT ON bookings TO global_travel_hub_refresh;

-- Deleted softly, by deleted_at.
GRANT SELECT, INSERT, UPDATE ON bookings TO global_travel_hub_app;

GRANT SELECT ON bookings TO global_travel_hub_readonly;

CREATE TABLE flight_bookings (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id uuid NOT NULL DEFAULT current_tenant_id(),
    airline_code varchar(3) NOT NULL,
    flight_number varchar(10) NOT NULL,
    origin_airport char(3) NOT NULL,
    destination_airport char(3) NOT NULL,
    departure_at timestamptz NOT NULL,
    arrival_at timestamptz NOT NULL,
    cabin_class varchar(20),
    pnr varchar(10),
    passengers jsonb NOT NULL DEFAULT '[]',
    details jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT fk_flight_bookings_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
    CONSTRAINT uq_flight_bookings_tenant_id UNIQUE (tenant_id, id),
    CONSTRAINT ck_flight_bookings_times CHECK (arrival_at > departure_at),
    CONSTRAINT ck_flight_bookings_airports CHECK (origin_airport <> destination_airport)
);

CREATE OR REPLACE TRIGGER trg_flight_bookings_updated_at BEFORE UPDATE ON flight_bookings
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

ALTER TABLE flight_bookings ENABLE ROW LEVEL SECURITY;

ALTER TABLE flight_bookings FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant_isolation ON flight_bookings
USING (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid))
WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid));

GRANT SELECT, INSERT, UPDATE, DELETE ON flight_bookings TO global_travel_hub_app;

GRANT SELECT ON flight_bookings TO global_travel_hub_readonly;

CREATE TABLE hotel_bookings (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id uuid NOT NULL DEFAULT current_tenant_id(),
    hotel_code varchar(50),
    hotel_name varchar(255) NOT NULL,
    city varchar(100),
    country_code char(2),
    check_in date NOT NULL,
    check_out date NOT NULL,
    rooms integer NOT NULL DEFAULT 1,
    guests jsonb NOT NULL DEFAULT '[]',
    confirmation_number varchar(50),
    details jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT fk_hotel_bookings_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
    CONSTRAINT uq_hotel_bookings_tenant_id UNIQUE (tenant_id, id),
    CONSTRAINT ck_hotel_bookings_dates CHECK (check_out > check_in),
    CONSTRAINT ck_hotel_bookings_rooms CHECK (rooms > 0)
);

CREATE OR REPLACE TRIGGER trg_hotel_bookings_updated_at BEFORE UPDATE ON hotel_bookings
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

ALTER TABLE hotel_bookings ENABLE ROW LEVEL SECURITY;

ALTER TABLE hotel_bookings FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant_isolation ON hotel_bookings
USING (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid))
WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid));

GRANT SELECT, INSERT, UPDATE, DELETE ON hotel_bookings TO global_travel_hub_app;

GRANT SELECT ON hotel_bookings TO global_travel_hub_readonly;

CREATE TABLE booking_items (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id uuid NOT NULL DEFAULT current_tenant_id(),
    booking_id uuid NOT NULL,
    item_type varchar(20) NOT NULL,
    flight_booking_id uuid,
    hotel_booking_id uuid,
    quantity integer NOT NULL DEFAULT 1,
    unit_price numeric(12, 2) NOT NULL,
    currency char(3) NOT NULL DEFAULT 'USD',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT fk_booking_items_booking
    FOREIGN KEY (tenant_id, booking_id) REFERENCES bookings (tenant_id, id) ON DELETE RESTRICT,
    CONSTRAINT fk_booking_items_flight
    FOREIGN KEY (tenant_id, flight_booking_id) REFERENCES flight_bookings (tenant_id, id) ON DELETE RESTRICT,
    CONSTRAINT fk_booking_items_hotel
    FOREIGN KEY (tenant_id, hotel_booking_id) REFERENCES hotel_bookings (tenant_id, id) ON DELETE RESTRICT,
    CONSTRAINT uq_booking_items_flight UNIQUE (flight_booking_id),
    CONSTRAINT uq_booking_items_hotel UNIQUE (hotel_booking_id),
    CONSTRAINT ck_booking_items_type CHECK (item_type IN ('flight', 'hotel')),
    CONSTRAINT ck_booking_items_ref CHECK (
        num_nonnulls(flight_booking_id, hotel_booking_id) = 1
        AND (item_type = 'flight') = (flight_booking_id IS NOT NULL)
        AND (item_type = 'hotel') = (hotel_booking_id IS NOT NULL)
    ),
    CONSTRAINT ck_booking_items_quantity CHECK (quantity > 0),
    CONSTRAINT ck_booking_items_price CHECK (unit_price >= 0)
);

CREATE OR REPLACE TRIGGER trg_booking_items_updated_at BEFORE UPDATE ON booking_items
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

ALTER TABLE booking_items ENABLE ROW LEVEL SECURITY;

ALTER TABLE booking_items FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant_isolation ON booking_items
USING (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid))
WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid));

GRANT SELECT, INSERT, UPDATE, DELETE ON booking_items TO global_travel_hub_app;

GRANT SELECT ON booking_items TO global_travel_hub_readonly;
