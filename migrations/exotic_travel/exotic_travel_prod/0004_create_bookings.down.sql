-- airside: data-loss table public.bookings
DROP TABLE bookings;

DROP FUNCTION bookings_check_guests();

DROP EXTENSION btree_gist;
