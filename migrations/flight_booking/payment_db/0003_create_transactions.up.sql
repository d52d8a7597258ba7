CREATE TABLE transactions (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    booking_id uuid NOT NULL,
    user_id uuid NOT NULL,
    payment_method_id uuid
    CONSTRAINT fk_transactions_payment_method REFERENCES payment_methods (id) ON DELETE RESTRICT,
    transaction_type varchar(20) NOT NULL,
    amount numeric(10, 2) NOT NULL,
    currency varchar(3) NOT NULL,
    exchange_rate numeric(10, 6),
    original_amount numeric(10, 2),
    original_currency varchar(3),
    gateway varchar(50) NOT NULL,
    gateway_transaction_id varchar(255),
    status varchar(20) NOT NULL DEFAULT 'pending',
    failure_reason text,
    processing_fee numeric(10, 2) NOT NULL DEFAULT 0,
    metadata jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz,
    CONSTRAINT ck_transactions_type CHECK (transaction_type IN ('payment', 'refund', 'cancellation_fee')),
    CONSTRAINT ck_transactions_gateway CHECK (gateway IN ('stripe', 'paypal', 'square')),
    CONSTRAINT ck_transactions_status
    CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'cancelled')),
    CONSTRAINT ck_transactions_amount CHECK (amount > 0),
    CONSTRAINT ck_transactions_currency CHECK (currency ~ '^[A-Z]{3}$')
);

CREATE INDEX idx_transactions_booking ON transactions (booking_id);

CREATE INDEX idx_transactions_user ON transactions (user_id);

CREATE INDEX idx_transactions_status ON transactions (status);

CREATE OR REPLACE TRIGGER trg_transactions_updated_at BEFORE UPDATE ON transactions
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- Never deleted: a payment is cancelled or refunded.
GRANT SELECT, INSERT, UPDATE ON transactions TO payment_db_app;

GRANT SELECT ON transactions TO payment_db_readonly;
