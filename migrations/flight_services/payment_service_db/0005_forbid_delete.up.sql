CREATE FUNCTION forbid_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never deleted', TG_TABLE_NAME USING ERRCODE = '42501';
END
$$;

-- airside: allow trigger-lock because the lock is for an instant, and the runner bounds and repeats the wait for it
CREATE OR REPLACE TRIGGER trg_payments_no_delete BEFORE DELETE ON payments
FOR EACH ROW EXECUTE FUNCTION forbid_delete();

-- airside: allow trigger-lock because the lock is for an instant, and the runner bounds and repeats the wait for it
CREATE OR REPLACE TRIGGER trg_refunds_no_delete BEFORE DELETE ON refunds
FOR EACH ROW EXECUTE FUNCTION forbid_delete();

-- airside: allow trigger-lock because the lock is for an instant, and the runner bounds and repeats the wait for it
CREATE OR REPLACE TRIGGER trg_payment_attempts_no_delete BEFORE DELETE ON payment_attempts
FOR EACH ROW EXECUTE FUNCTION forbid_delete();
