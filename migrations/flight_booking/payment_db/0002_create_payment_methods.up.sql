CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- No card number: the gateway has it.
CREATE TABLE payment_methods (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    user_id uuid NOT NULL,
    type varchar(20) NOT NULL,
    card_last_four varchar(4),
    card_brand varchar(20),
    card_expiry_month integer,
    card_expiry_year integer,
    billing_address jsonb,
    is_default boolean NOT NULL DEFAULT FALSE,
    is_verified boolean NOT NULL DEFAULT FALSE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_payment_methods_type CHECK (type IN ('credit_card', 'debit_card', 'paypal', 'bank_transfer')),
    CONSTRAINT ck_payment_methods_brand CHECK (card_brand IN ('visa', 'mastercard', 'amex')),
    CONSTRAINT ck_payment_methods_last_four CHECK (card_last_four ~ '^[0-9]{4}$'),
    CONSTRAINT ck_payment_methods_expiry
    CHECK (card_expiry_month BETWEEN 1 AND 12 AND card_expiry_year BETWEEN 2000 AND 2100)
);

CREATE INDEX idx_payment_methods_user ON payment_methods (user_id);

CREATE OR REPLACE TRIGGER trg_payment_methods_updated_at BEFORE UPDATE ON payment_methods
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

GRANT SELECT, INSERT, UPDATE, DELETE ON payment_methods TO payment_db_app;

GRANT SELECT ON payment_methods TO payment_db_readonly;
