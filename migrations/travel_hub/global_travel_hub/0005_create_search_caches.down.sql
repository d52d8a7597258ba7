DROP FUNCTION cleanup_expired_cache();

-- airside: data-loss table public.hotel_search_cache
DROP TABLE hotel_search_cache;

-- airside: data-loss table public.flight_search_cache
DROP TABLE flight_search_cache;
