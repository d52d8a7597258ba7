CREATE TABLE refunds (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    payment_id uuid NOT NULL,
    refund_reference varchar(20) NOT NULL UNIQUE,
    gateway_refund_id varchar(255),
    amount numeric(10, 2) NOT NULL,
    currency varchar(3) NOT NULL,
    reason varchar(50) NOT NULL,
    reason_details text,
    status varchar(20) NOT NULL DEFAULT 'PENDING',
    requested_at timestamptz NOT NULL DEFAULT current_timestamp,
    processed_at timestamptz,
    completed_at timestamptz,
    failed_at timestamptz,
    failure_reason text,
    requested_by uuid,
    requested_by_type varchar(20),
    payment_created_at timestamptz NOT NULL,
    CONSTRAINT fk_refunds_payment
    FOREIGN KEY (payment_id, payment_created_at) REFERENCES payments (id, created_at) ON DELETE RESTRICT,
    CONSTRAINT valid_refund_amount CHECK (amount > 0),
    CONSTRAINT valid_refund_status CHECK (status IN ('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED')),
    CONSTRAINT ck_refunds_reason
    CHECK (reason IN ('CUSTOMER_REQUEST', 'CANCELLATION', 'FRAUD', 'DUPLICATE', 'SCHEDULE_CHANGE', 'OTHER')),
    CONSTRAINT ck_refunds_by_type CHECK (requested_by_type IN ('CUSTOMER', 'ADMIN', 'SYSTEM'))
);

CREATE INDEX idx_refunds_payment_id ON refunds (payment_id, payment_created_at);

CREATE INDEX idx_refunds_status ON refunds (status);

CREATE INDEX idx_refunds_requested_at ON refunds (requested_at);

-- All refunds of a payment that did not fail are at most the payment, in its currency. It writes the payment instead
-- of only locking it: the later of two refunds under REPEATABLE READ then fails (40001), as it cannot see the earlier.
CREATE FUNCTION refunds_check_total() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid numeric;
    cur text;
    done numeric;
BEGIN
    UPDATE payments SET updated_at = now()
    WHERE id = NEW.payment_id AND created_at = NEW.payment_created_at
    RETURNING amount, currency INTO paid, cur;
    IF cur <> NEW.currency THEN
        RAISE EXCEPTION 'refund currency % differs from %', NEW.currency, cur USING ERRCODE = 'check_violation';
    END IF;
    SELECT coalesce(sum(amount), 0) INTO done
    FROM refunds
    WHERE payment_id = NEW.payment_id AND status NOT IN ('FAILED', 'CANCELLED') AND id <> NEW.id;
    IF NEW.status NOT IN ('FAILED', 'CANCELLED') AND done + NEW.amount > paid THEN
        RAISE EXCEPTION 'refunds % exceed payment %', done + NEW.amount, paid USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER trg_refunds_check_total
BEFORE INSERT OR UPDATE OF payment_id, payment_created_at, amount, currency, status ON refunds
FOR EACH ROW EXECUTE FUNCTION refunds_check_total();

GRANT SELECT, INSERT, UPDATE ON refunds TO payment_service_db_app;

GRANT SELECT ON refunds TO payment_service_db_readonly;
