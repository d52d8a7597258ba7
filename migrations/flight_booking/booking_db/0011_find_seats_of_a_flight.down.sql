-- airside: transaction = off
DROP INDEX CONCURRENTLY IF EXISTS idx_passenger_segments_segment;
