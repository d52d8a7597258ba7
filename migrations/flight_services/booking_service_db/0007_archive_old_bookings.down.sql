DROP FUNCTION archive_old_bookings(timestamptz, integer);

-- airside: data-loss table public.booking_ancillaries_archive
DROP TABLE booking_ancillaries_archive;

-- airside: data-loss table public.booking_flights_archive
DROP TABLE booking_flights_archive;

-- airside: data-loss table public.booking_passengers_archive
DROP TABLE booking_passengers_archive;

-- airside: data-loss table public.bookings_archive
DROP TABLE bookings_archive;
