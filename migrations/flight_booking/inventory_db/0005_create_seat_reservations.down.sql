-- airside: data-loss table public.seat_reservations
DROP TABLE seat_reservations;
