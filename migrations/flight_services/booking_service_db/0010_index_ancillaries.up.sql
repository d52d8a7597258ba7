-- airside: transaction = off
-- Without them RESTRICT scans the whole table.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_ancillaries_passenger ON booking_ancillaries (booking_id, passenger_id);

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_ancillaries_flight ON booking_ancillaries (booking_id, flight_id);
