-- airside: transaction = off
DROP INDEX CONCURRENTLY IF EXISTS idx_destinations_search;
