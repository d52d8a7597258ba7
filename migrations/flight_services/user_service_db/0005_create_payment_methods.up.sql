CREATE TABLE user_payment_methods (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    payment_gateway varchar(50) NOT NULL,
    payment_token varchar(255) NOT NULL,
    card_brand varchar(20),
    card_last4 varchar(4),
    card_exp_month integer,
    card_exp_year integer,
    billing_name varchar(200),
    billing_country varchar(2),
    billing_postal_code varchar(20),
    is_default boolean NOT NULL DEFAULT FALSE,
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    updated_at timestamptz NOT NULL DEFAULT current_timestamp,
    deleted_at timestamptz,
    CONSTRAINT valid_expiry
    CHECK ((card_exp_year IS NULL) = (card_exp_month IS NULL)
        AND card_exp_month BETWEEN 1 AND 12 AND card_exp_year BETWEEN 2000 AND 2100),
    CONSTRAINT ck_user_payment_methods_gateway CHECK (payment_gateway IN ('STRIPE', 'PAYPAL', 'BRAINTREE')),
    CONSTRAINT ck_user_payment_methods_brand CHECK (card_brand IN ('VISA', 'MASTERCARD', 'AMEX')),
    CONSTRAINT ck_user_payment_methods_last4 CHECK (card_last4 ~ '^[0-9]{4}$')
);

CREATE INDEX idx_payment_methods_user_id ON user_payment_methods (user_id) WHERE deleted_at IS NULL;

CREATE UNIQUE INDEX idx_payment_methods_default ON user_payment_methods (user_id)
WHERE is_default = TRUE AND deleted_at IS NULL;

CREATE OR REPLACE TRIGGER update_payment_methods_updated_at BEFORE UPDATE ON user_payment_methods
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- A card is good until its month has ended.
CREATE FUNCTION require_unexpired_card() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF make_date(NEW.card_exp_year, NEW.card_exp_month, 1) + interval '1 month' <= (now() AT TIME ZONE 'UTC') THEN
        RAISE EXCEPTION 'card has expired' USING ERRCODE = 'check_violation', CONSTRAINT = 'valid_expiry';
    END IF;
    RETURN NEW;
END
$$;

-- Only where the date is written: an expired card can still be deleted.
CREATE OR REPLACE TRIGGER trg_user_payment_methods_expiry
BEFORE INSERT OR UPDATE OF card_exp_year, card_exp_month ON user_payment_methods
FOR EACH ROW WHEN (NEW.card_exp_year IS NOT NULL) EXECUTE FUNCTION require_unexpired_card();

-- Never deleted: deleted_at says that it is.
GRANT SELECT, INSERT, UPDATE ON user_payment_methods TO user_service_db_app;

GRANT SELECT ON user_payment_methods TO user_service_db_readonly;
