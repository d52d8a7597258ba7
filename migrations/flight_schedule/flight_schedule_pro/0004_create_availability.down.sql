-- airside: data-loss table public.availability_overrides
DROP TABLE availability_overrides;

-- airside: data-loss table public.availability_patterns
DROP TABLE availability_patterns;
