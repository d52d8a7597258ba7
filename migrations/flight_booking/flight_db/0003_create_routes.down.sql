-- airside: data-loss table public.routes
DROP TABLE routes;
