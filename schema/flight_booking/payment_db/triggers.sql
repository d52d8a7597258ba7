CREATE TRIGGER trg_refunds_check_total
BEFORE INSERT OR UPDATE OF refund_amount, currency, status, original_transaction_id ON refunds
FOR EACH ROW EXECUTE FUNCTION refunds_check_total();
