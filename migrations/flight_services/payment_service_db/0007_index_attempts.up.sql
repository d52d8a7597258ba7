-- airside: transaction = off
-- The unique constraint begins with payment_id alone; the foreign key has two columns.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_attempts_payment_fk ON payment_attempts (payment_id, payment_created_at);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_attempts_attempted_at ON payment_attempts (attempted_at);
