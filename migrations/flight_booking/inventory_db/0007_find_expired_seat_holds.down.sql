-- airside: transaction = off
DROP INDEX CONCURRENTLY IF EXISTS idx_pricing_rules_flight;

DROP INDEX CONCURRENTLY IF EXISTS idx_seat_reservations_seat;

DROP INDEX CONCURRENTLY IF EXISTS idx_seat_reservations_expires;
