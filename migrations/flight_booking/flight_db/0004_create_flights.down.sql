-- airside: data-loss table public.flights
DROP TABLE flights;
