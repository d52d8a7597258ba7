-- airside: transaction = off
DROP INDEX CONCURRENTLY IF EXISTS idx_ancillaries_flight;

DROP INDEX CONCURRENTLY IF EXISTS idx_ancillaries_passenger;
