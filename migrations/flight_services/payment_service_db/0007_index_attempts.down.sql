-- airside: transaction = off
DROP INDEX CONCURRENTLY IF EXISTS idx_attempts_attempted_at;

DROP INDEX CONCURRENTLY IF EXISTS idx_attempts_payment_fk;
