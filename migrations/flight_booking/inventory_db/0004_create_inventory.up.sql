CREATE TABLE inventory (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    flight_instance_id uuid NOT NULL,
    class varchar(20) NOT NULL,
    total_seats integer NOT NULL,
    available_seats integer NOT NULL,
    reserved_seats integer NOT NULL DEFAULT 0,
    blocked_seats integer NOT NULL DEFAULT 0,
    price numeric(10, 2) NOT NULL,
    currency varchar(3) NOT NULL,
    last_updated timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT idx_inventory_flight_class UNIQUE (flight_instance_id, class),
    CONSTRAINT ck_inventory_class CHECK (class IN ('economy', 'premium_economy', 'business', 'first')),
    CONSTRAINT ck_inventory_seats CHECK (
        total_seats >= 0 AND available_seats >= 0 AND reserved_seats >= 0 AND blocked_seats >= 0
        AND available_seats + reserved_seats + blocked_seats <= total_seats
    ),
    CONSTRAINT ck_inventory_price CHECK (price >= 0),
    CONSTRAINT ck_inventory_currency CHECK (currency ~ '^[A-Z]{3}$')
);

CREATE FUNCTION set_last_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.last_updated := now();
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER trg_inventory_last_updated BEFORE UPDATE ON inventory
FOR EACH ROW EXECUTE FUNCTION set_last_updated();

GRANT SELECT, INSERT, UPDATE, DELETE ON inventory TO inventory_db_app;

GRANT SELECT ON inventory TO inventory_db_readonly;
