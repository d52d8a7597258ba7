CREATE TABLE seat_configurations (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    aircraft_type_id uuid NOT NULL,
    class varchar(20) NOT NULL,
    row_number integer NOT NULL,
    seat_letter varchar(2) NOT NULL,
    seat_type varchar(20),
    features jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_seat_configurations_seat UNIQUE (aircraft_type_id, row_number, seat_letter),
    CONSTRAINT ck_seat_configurations_class CHECK (class IN ('economy', 'premium_economy', 'business', 'first')),
    CONSTRAINT ck_seat_configurations_seat_type CHECK (seat_type IN ('window', 'aisle', 'middle')),
    CONSTRAINT ck_seat_configurations_row CHECK (row_number > 0)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON seat_configurations TO inventory_db_app;

GRANT SELECT ON seat_configurations TO inventory_db_readonly;
