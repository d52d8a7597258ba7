-- airside: data-loss table public.aircraft_types
DROP TABLE aircraft_types;

-- airside: data-loss table public.airports
DROP TABLE airports;

-- airside: data-loss table public.airlines
DROP TABLE airlines;
