-- CONCURRENTLY is refused on a partitioned table. The registry already refuses a second use; this only finds the first.
CREATE INDEX idx_payments_idempotency ON payments (idempotency_key) WHERE idempotency_key IS NOT NULL;
