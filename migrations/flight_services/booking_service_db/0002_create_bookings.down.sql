-- airside: data-loss table public.bookings
DROP TABLE bookings;

DROP FUNCTION bookings_register();

-- airside: data-loss table public.booking_registry
DROP TABLE booking_registry;

DROP FUNCTION update_updated_at_column();
