CREATE TRIGGER trg_refunds_check_total
BEFORE INSERT OR UPDATE OF payment_id, payment_created_at, amount, currency, status ON refunds
FOR EACH ROW EXECUTE FUNCTION refunds_check_total();

CREATE TRIGGER trg_payments_no_delete BEFORE DELETE ON payments
FOR EACH ROW EXECUTE FUNCTION forbid_delete();

CREATE TRIGGER trg_refunds_no_delete BEFORE DELETE ON refunds
FOR EACH ROW EXECUTE FUNCTION forbid_delete();

CREATE TRIGGER trg_payment_attempts_no_delete BEFORE DELETE ON payment_attempts
FOR EACH ROW EXECUTE FUNCTION forbid_delete();
