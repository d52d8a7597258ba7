-- airside: transaction = off
-- Built while flights are sold.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_flights_search
ON flights (route_id, effective_from, effective_until) WHERE status = 'active';

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_active_flights
ON flights (effective_from, effective_until) WHERE status = 'active';

-- Without it RESTRICT scans the table.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_flights_aircraft_type ON flights (aircraft_type_id);
