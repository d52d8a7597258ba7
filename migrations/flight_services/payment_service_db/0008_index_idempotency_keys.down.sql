DROP INDEX idx_payments_idempotency;
