-- airside: data-loss table public.seat_configurations
DROP TABLE seat_configurations;
