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
