-- airside: data-loss table public.booking_items
DROP TABLE booking_items;

-- airside: data-loss table public.hotel_bookings
DROP TABLE hotel_bookings;

-- airside: data-loss table public.flight_bookings
DROP TABLE flight_bookings;

-- airside: data-loss table public.bookings
DROP TABLE bookings;
