DROP INDEX idx_search_history_departure_date;

DROP INDEX idx_search_history_route;
