-- airside: data-loss table public.passenger_segments
DROP TABLE passenger_segments;

-- airside: data-loss table public.passengers
DROP TABLE passengers;
