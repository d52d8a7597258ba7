DROP INDEX idx_bookings_reference;

DROP TRIGGER trg_bookings_register ON bookings;

DROP FUNCTION bookings_register();

-- airside: data-loss table public.booking_registry
DROP TABLE booking_registry;
