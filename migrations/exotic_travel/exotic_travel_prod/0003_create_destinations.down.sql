-- airside: data-loss table public.destinations
DROP TABLE destinations;
