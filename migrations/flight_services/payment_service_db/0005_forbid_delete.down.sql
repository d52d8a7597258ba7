DROP TRIGGER trg_payment_attempts_no_delete ON payment_attempts;

DROP TRIGGER trg_refunds_no_delete ON refunds;

DROP TRIGGER trg_payments_no_delete ON payments;

DROP FUNCTION forbid_delete();
