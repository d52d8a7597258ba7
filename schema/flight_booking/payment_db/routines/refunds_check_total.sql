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
