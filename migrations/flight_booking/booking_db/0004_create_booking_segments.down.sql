-- airside: data-loss table public.booking_segments
DROP TABLE booking_segments;
