-- airside: data-loss table public.booking_flights
DROP TABLE booking_flights;
