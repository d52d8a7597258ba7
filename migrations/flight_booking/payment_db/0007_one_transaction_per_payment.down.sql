-- airside: transaction = off
DROP INDEX CONCURRENTLY IF EXISTS idx_transactions_payment_method;

DROP INDEX CONCURRENTLY IF EXISTS uq_payment_methods_default;

DROP INDEX CONCURRENTLY IF EXISTS uq_transactions_gateway_txn;
