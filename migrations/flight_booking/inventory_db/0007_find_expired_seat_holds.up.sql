-- airside: transaction = off
-- Built while seats are sold.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_seat_reservations_expires
ON seat_reservations (expires_at) WHERE status = 'reserved';

-- Without it RESTRICT scans the table.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_seat_reservations_seat ON seat_reservations (seat_configuration_id);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_pricing_rules_flight ON pricing_rules (flight_id, class, effective_from);
