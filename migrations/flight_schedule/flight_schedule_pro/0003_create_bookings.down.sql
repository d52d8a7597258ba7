-- airside: data-loss table public.bookings
DROP TABLE bookings;

DROP FUNCTION flight_window(timestamptz, integer);

DROP EXTENSION btree_gist;
