-- airside: data-loss table public.booking_ancillaries
DROP TABLE booking_ancillaries;
