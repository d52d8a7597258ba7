-- CONCURRENTLY is refused on a partitioned table. The registry already refuses a second use; this only finds the first.
-- airside: allow index-not-concurrent because PostgreSQL refuses CONCURRENTLY on a partitioned table; the runner gives way to writers before it begins, and they wait while it builds
CREATE INDEX idx_payments_idempotency ON payments (idempotency_key) WHERE idempotency_key IS NOT NULL;
