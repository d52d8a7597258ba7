CREATE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- Unique over all partitions: a second charge with the same idempotency key is refused whatever month it is.
CREATE TABLE payment_registry (
    payment_id uuid PRIMARY KEY,
    payment_reference varchar(20) NOT NULL CONSTRAINT uq_payment_registry_reference UNIQUE,
    idempotency_key varchar(255) CONSTRAINT uq_payment_registry_idempotency UNIQUE,
    created_at timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON payment_registry TO payment_service_db_app;

GRANT SELECT ON payment_registry TO payment_service_db_readonly;

-- The partitions are made ahead of time by the policy of the declaration, not here.
CREATE TABLE payments (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    payment_reference varchar(20) NOT NULL,
    booking_id uuid NOT NULL,
    user_id uuid NOT NULL,
    payment_gateway varchar(50) NOT NULL,
    gateway_transaction_id varchar(255),
    gateway_payment_intent_id varchar(255),
    amount numeric(10, 2) NOT NULL,
    currency varchar(3) NOT NULL DEFAULT 'USD',
    payment_method_type varchar(50) NOT NULL,
    payment_token varchar(255),
    card_brand varchar(20),
    card_last4 varchar(4),
    card_exp_month integer,
    card_exp_year integer,
    status varchar(20) NOT NULL DEFAULT 'PENDING',
    fraud_score numeric(5, 2),
    fraud_status varchar(20),
    risk_factors jsonb,
    three_d_secure_status varchar(20),
    three_d_secure_version varchar(10),
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    updated_at timestamptz NOT NULL DEFAULT current_timestamp,
    authorized_at timestamptz,
    captured_at timestamptz,
    failed_at timestamptz,
    failure_code varchar(50),
    failure_message text,
    ip_address inet,
    user_agent text,
    idempotency_key varchar(255),
    PRIMARY KEY (id, created_at),
    CONSTRAINT valid_amount CHECK (amount > 0),
    CONSTRAINT valid_status
    CHECK (status IN ('PENDING', 'AUTHORIZED', 'CAPTURED', 'COMPLETED', 'FAILED', 'REFUNDED',
        'PARTIALLY_REFUNDED', 'CANCELLED')),
    CONSTRAINT ck_payments_gateway CHECK (payment_gateway IN ('STRIPE', 'PAYPAL', 'BRAINTREE')),
    CONSTRAINT ck_payments_method CHECK (payment_method_type IN ('CARD', 'PAYPAL', 'BANK_TRANSFER')),
    CONSTRAINT ck_payments_brand CHECK (card_brand IN ('VISA', 'MASTERCARD', 'AMEX')),
    CONSTRAINT ck_payments_last4 CHECK (card_last4 ~ '^[0-9]{4}$'),
    CONSTRAINT ck_payments_fraud_status CHECK (fraud_status IN ('SAFE', 'REVIEW', 'BLOCKED')),
    CONSTRAINT ck_payments_3ds CHECK (three_d_secure_status IN ('AUTHENTICATED', 'NOT_AUTHENTICATED', 'ATTEMPTED'))
) PARTITION BY RANGE (created_at);

CREATE INDEX idx_payments_reference ON payments (payment_reference);

CREATE INDEX idx_payments_booking_id ON payments (booking_id);

CREATE INDEX idx_payments_user_id ON payments (user_id);

CREATE INDEX idx_payments_status ON payments (status);

CREATE INDEX idx_payments_created_at ON payments (created_at);

CREATE INDEX idx_payments_gateway_txn ON payments (gateway_transaction_id);

CREATE FUNCTION payments_register() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO payment_registry (payment_id, payment_reference, idempotency_key, created_at)
    VALUES (NEW.id, NEW.payment_reference, NEW.idempotency_key, NEW.created_at)
    ON CONFLICT (payment_id) DO UPDATE
    SET payment_reference = EXCLUDED.payment_reference, idempotency_key = EXCLUDED.idempotency_key
    WHERE TG_OP = 'UPDATE'
        OR (payment_registry.payment_reference, payment_registry.idempotency_key, payment_registry.created_at)
        IS NOT DISTINCT FROM (EXCLUDED.payment_reference, EXCLUDED.idempotency_key, EXCLUDED.created_at);
    IF NOT FOUND THEN
        RAISE EXCEPTION '% has an entry for another row of this key', 'payment_registry'
            USING ERRCODE = 'unique_violation', TABLE = 'payment_registry';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER trg_payments_register
BEFORE INSERT OR UPDATE OF payment_reference, idempotency_key ON payments
FOR EACH ROW EXECUTE FUNCTION payments_register();

CREATE OR REPLACE TRIGGER update_payments_updated_at BEFORE UPDATE ON payments
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

GRANT SELECT, INSERT, UPDATE ON payments TO payment_service_db_app;

GRANT SELECT ON payments TO payment_service_db_readonly;
