-- airside: data-loss table public.passenger_segments_archive
DROP TABLE passenger_segments_archive;

-- airside: data-loss table public.passengers_archive
DROP TABLE passengers_archive;

-- airside: data-loss table public.booking_segments_archive
DROP TABLE booking_segments_archive;

-- airside: data-loss table public.bookings_archive
DROP TABLE bookings_archive;
