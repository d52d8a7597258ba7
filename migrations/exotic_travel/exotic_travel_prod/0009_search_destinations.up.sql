-- airside: transaction = off
-- Built while the shop stays open.
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_destinations_search
ON destinations USING gin (to_tsvector('english', name || ' ' || description));
