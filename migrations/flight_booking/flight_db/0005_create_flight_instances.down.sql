-- airside: data-loss table public.flight_instances
DROP TABLE flight_instances;

DROP FUNCTION set_updated_at();
