-- CONCURRENTLY is refused on a partitioned table: this locks writers out for as long as three months of searches take.
-- airside: allow index-not-concurrent because PostgreSQL refuses CONCURRENTLY on a partitioned table; the runner gives way to writers before it begins, and they wait while it builds
CREATE INDEX idx_search_history_route ON search_history (origin_airport, destination_airport);

-- airside: allow index-not-concurrent because PostgreSQL refuses CONCURRENTLY on a partitioned table; the runner gives way to writers before it begins, and they wait while it builds
CREATE INDEX idx_search_history_departure_date ON search_history (departure_date);
