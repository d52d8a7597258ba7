CREATE TABLE pricing_rules (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    flight_id uuid NOT NULL,
    class varchar(20) NOT NULL,
    base_price numeric(10, 2) NOT NULL,
    currency varchar(3) NOT NULL,
    rules jsonb NOT NULL,
    effective_from date NOT NULL,
    effective_until date,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_pricing_rules_class CHECK (class IN ('economy', 'premium_economy', 'business', 'first')),
    CONSTRAINT ck_pricing_rules_price CHECK (base_price >= 0),
    CONSTRAINT ck_pricing_rules_currency CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT ck_pricing_rules_effective CHECK (effective_until >= effective_from)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON pricing_rules TO inventory_db_app;

GRANT SELECT ON pricing_rules TO inventory_db_readonly;
