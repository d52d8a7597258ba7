-- CONCURRENTLY is refused on a partitioned table: this locks writers out for as long as three months of searches take.
CREATE INDEX idx_search_history_route ON search_history (origin_airport, destination_airport);

CREATE INDEX idx_search_history_departure_date ON search_history (departure_date);
