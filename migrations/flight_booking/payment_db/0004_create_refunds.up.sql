CREATE TABLE refunds (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    original_transaction_id uuid NOT NULL
    CONSTRAINT fk_refunds_transaction REFERENCES transactions (id) ON DELETE RESTRICT,
    refund_amount numeric(10, 2) NOT NULL,
    currency varchar(3) NOT NULL,
    refund_reason varchar(50) NOT NULL,
    refund_type varchar(20) NOT NULL DEFAULT 'automatic',
    gateway_refund_id varchar(255),
    status varchar(20) NOT NULL DEFAULT 'pending',
    processed_by uuid,
    notes text,
    created_at timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz,
    CONSTRAINT ck_refunds_reason CHECK (refund_reason IN ('cancellation', 'change_fee', 'service_failure')),
    CONSTRAINT ck_refunds_type CHECK (refund_type IN ('automatic', 'manual', 'partial')),
    CONSTRAINT ck_refunds_status CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
    CONSTRAINT ck_refunds_amount CHECK (refund_amount > 0),
    CONSTRAINT ck_refunds_manual CHECK (refund_type <> 'manual' OR processed_by IS NOT NULL)
);

CREATE INDEX idx_refunds_transaction ON refunds (original_transaction_id);

-- Locks the payment before it adds up: of two refunds at once the later one sees the earlier.
CREATE FUNCTION refunds_check_total() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid numeric;
    cur text;
    done numeric;
BEGIN
    SELECT amount, currency INTO paid, cur FROM transactions WHERE id = NEW.original_transaction_id FOR UPDATE;
    IF cur <> NEW.currency THEN
        RAISE EXCEPTION 'refund currency % differs from %', NEW.currency, cur USING ERRCODE = 'check_violation';
    END IF;
    SELECT coalesce(sum(refund_amount), 0) INTO done
    FROM refunds
    WHERE original_transaction_id = NEW.original_transaction_id AND status <> 'failed' AND id <> NEW.id;
    IF NEW.status <> 'failed' AND done + NEW.refund_amount > paid THEN
        RAISE EXCEPTION 'refunds % exceed amount %', done + NEW.refund_amount, paid USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER trg_refunds_check_total
BEFORE INSERT OR UPDATE OF refund_amount, currency, status, original_transaction_id ON refunds
FOR EACH ROW EXECUTE FUNCTION refunds_check_total();

GRANT SELECT, INSERT, UPDATE ON refunds TO payment_db_app;

GRANT SELECT ON refunds TO payment_db_readonly;
