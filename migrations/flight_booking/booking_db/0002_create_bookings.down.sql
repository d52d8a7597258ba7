-- airside: data-loss table public.bookings
DROP TABLE bookings;

DROP FUNCTION set_updated_at();
