-- airside: transaction = off
DROP INDEX CONCURRENTLY IF EXISTS idx_flights_aircraft_type;

DROP INDEX CONCURRENTLY IF EXISTS idx_active_flights;

DROP INDEX CONCURRENTLY IF EXISTS idx_flights_search;
