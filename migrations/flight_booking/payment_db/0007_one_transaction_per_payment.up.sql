-- airside: transaction = off
-- Built while people pay.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS uq_transactions_gateway_txn
ON transactions (gateway, gateway_transaction_id) WHERE gateway_transaction_id IS NOT NULL;

CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS uq_payment_methods_default ON payment_methods (user_id) WHERE is_default;

-- Without it RESTRICT scans the table.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_transactions_payment_method ON transactions (payment_method_id);
